/* The chatcrew tab of a conversation, framed and spoken to as Chatwoot does it (contract §6). */

import { $ } from "./dom.js";
import { t } from "./i18n.js";
import { listen, store } from "./store.js";

const ASK = "chatwoot-dashboard-app:fetch-info";
let open = false;
let shown = null; // the conversation whose frame stands there

const frame = () => $("talk-app").firstElementChild;

function tell() {
  const conversation = store.conversations.get(shown);
  if (!conversation || !frame()) return;
  const data = {
    conversation: { id: conversation.id, account_id: 1, inbox_id: conversation.inbox, messages: [] },
    contact: { id: conversation.customer.id, name: conversation.customer.name },
    currentAgent: { id: store.agentId, name: store.agent, email: "" },
  };
  frame().contentWindow.postMessage(JSON.stringify({ event: "appContext", data }), "*");
}

/* One frame for each conversation, made when its tab is first opened. */
function make() {
  const node = document.createElement("iframe");
  node.title = "chatcrew";
  node.addEventListener("load", tell);
  node.src = store.tab;
  $("talk-app").replaceChildren(node);
  shown = store.conversationId;
}

function draw() {
  const here = Boolean(store.tab) && store.conversations.has(store.conversationId);
  $("talk-tabs").hidden = !here;
  const app = open && here;
  $("detail-body").classList.toggle("shows-app", app);
  $("talk-app").hidden = !app;
  for (const [id, chosen] of [["talk-words-tab", !app], ["talk-app-tab", app]]) {
    $(id).setAttribute("aria-selected", String(chosen));
    $(id).tabIndex = chosen ? 0 : -1;
  }
  $("talk-words-tab").textContent = t("talkTab");
  if (shown !== store.conversationId) $("talk-app").replaceChildren();
  if (app && shown !== store.conversationId) make();
}

export function startTab() {
  listen(draw);
  const choose = (app, focus) => {
    open = app;
    draw();
    if (focus) $(app ? "talk-app-tab" : "talk-words-tab").focus();
  };
  $("talk-words-tab").addEventListener("click", () => choose(false));
  $("talk-app-tab").addEventListener("click", () => choose(true));
  $("talk-tabs").addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") choose(!open, true);
  });
  window.addEventListener("message", (event) => {
    if (frame() && event.source === frame().contentWindow && event.data === ASK) tell();
  });
}
