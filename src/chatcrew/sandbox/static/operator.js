/* The operator's side: the list of conversations and one of them in detail. */

import { $, avatar, el, icon, keepAtEnd, reconcile, rich } from "./dom.js";
import { fileNode, summary } from "./files.js";
import { clock, inboxTitle, millis, seconds, t } from "./i18n.js";
import { api, inboxOf, listen, select, store } from "./store.js";

let shown = null;

/* Where a command keeps the bot quiet, "with the bot" would be half the truth. */
const silent = ({ status, silenced }) => silenced && status === "pending";

function statusPill(conversation) {
  const key = silent(conversation) ? "silenced" : conversation.status;
  return el("span", { class: `pill ${key}` }, t(key));
}

function ownerText(owner) {
  if (!owner) return t("nobody");
  return owner.kind === "bot" ? t("ownerBot", { name: owner.name }) : owner.name;
}

/* Where a conversation belongs, on a page of several inboxes. */
function inboxName(number) {
  const inbox = inboxOf(number);
  return inbox && store.inboxes.length > 1 ? inboxTitle(inbox) : null;
}

function listItem({ conversation, last, selected }) {
  const { customer, unread } = conversation;
  const top = el("span", { class: "item-top" }, el("strong", {}, customer.name));
  if (last) top.append(el("time", {}, clock(last.at)));
  const name = inboxName(conversation.inbox);
  const place = name && el("span", { class: "item-inbox", title: name }, name);
  const bottom = el("span", { class: "item-bottom" }, statusPill(conversation));
  if (unread) {
    bottom.append(el("span", { class: "count", "aria-label": t("unread", { n: unread }) }, String(unread)));
  }
  const open = () => {
    document.body.dataset.detail = "open";
    select({ conversationId: conversation.id, customerId: customer.id, inboxId: conversation.inbox });
  };
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "item", "aria-current": selected ? "true" : null, onclick: open },
      avatar(el("span", { class: "avatar", "aria-hidden": "true" }), customer.name),
      el("span", { class: "item-body" }, top, place, el("span", { class: "snippet" }, last ? summary(last).replace(/[*_~`]/g, "") : ""), bottom),
    ),
  );
}

function drawList() {
  const rows = [...store.conversations.values()]
    .sort((a, b) => b.lastActivity - a.lastActivity || b.id - a.id)
    .map((conversation) => ({
      conversation: { ...conversation, messages: undefined, typing: undefined },
      last: conversation.messages.findLast((message) => message.kind !== "activity") ?? null,
      selected: conversation.id === store.conversationId,
    }));
  reconcile($("conversation-list"), rows, ({ conversation }) => conversation.id, listItem);
  $("list-empty").hidden = rows.length > 0;
  const waiting = rows.filter(({ conversation }) => conversation.status === "open" && conversation.unread).length;
  $("tab-badge").hidden = waiting === 0;
  $("tab-badge").textContent = String(waiting);
}

function entry({ message, quoted, goesOn }) {
  if (message.kind === "activity") return el("p", { class: "activity" }, message.text);
  const mine = message.kind !== "customer";
  const box = el("div", { class: `card ${message.kind}` }, head(message));
  if (quoted) box.append(el("span", { class: "quote" }, quoted));
  for (const file of message.files) box.append(fileNode(file));
  if (message.text) box.append(el("div", { class: "words" }, rich(message.text)));
  if (message.options.length) {
    box.append(el("div", { class: "choices" }, ...message.options.map((title) => el("span", {}, title))));
  }
  if (message.status === "failed") {
    box.append(el("p", { class: "fault" }, icon("warning"), `${t("failed")}: ${message.error ?? ""}`));
  }
  const facts = goesOn ? null : factsOf(message);
  return el("div", { class: `entry ${mine ? "ours" : "theirs"}` }, box, facts);
}

function head(message) {
  const names = { bot: message.sender ?? t("robot"), template: t("automatic"), person: t("phoneApp") };
  const name = message.sender ?? names[message.kind] ?? "";
  const line = el("div", { class: "card-head" });
  if (message.kind === "note") line.append(icon("lock"), el("span", { class: "tag" }, t("privateNote")));
  if (message.kind === "bot") line.append(avatar(el("span", { class: "avatar tiny", "aria-hidden": "true" }), name), icon("bot"));
  line.append(el("strong", {}, name), el("time", {}, clock(message.at)));
  return line;
}

/* What a bot's reply cost in time, and which engine wrote it. */
function factsOf(message) {
  if (message.kind !== "bot") return null;
  const facts = el("p", { class: "facts" });
  if (message.engine) {
    const title = message.turn ? `${t("engine")} · ${t("turn", { id: message.turn })}` : t("engine");
    facts.append(el("span", { class: "fact", title }, icon("spark"), t(`engine.${message.engine}`)));
  }
  if (message.seconds !== null) {
    const text = t("took", { s: seconds(message.seconds) });
    facts.append(el("span", { class: "fact", title: t("tookLabel") }, icon("clock"), text));
  }
  if (message.rungs.length) facts.append(ladderOf(message.rungs));
  if (message.tools.length) facts.append(told("wrench", "tools", message.tools));
  if (message.sources.length) facts.append(told("book", "sources", message.sources, placeOf));
  return facts.childElementCount ? facts : null;
}

/* What it rests on: the tools that were asked, the places in the business's own documents. */
function told(sign, what, names, shorten = (name) => name) {
  const short = [...new Set(names.map(shorten))];
  return el("span", { class: "fact wide", title: names.join("\n") }, icon(sign), el("span", {}, `${t(what)}: ${short.join(" · ")}`));
}

/* File and line; the whole path is its title. */
const placeOf = (source) => source.split("/").at(-1);

/* The steps of the ladder in the order they ended: which answered, and why the others were left. */
function ladderOf(rungs) {
  const steps = rungs.map(({ name, end, ms }) => {
    const won = end === "answered";
    const said = won ? millis(ms) : t(`end.${end}`, {}, end.replaceAll("_", " "));
    return el("li", { class: won ? "rung won" : "rung", title: millis(ms) },
      el("span", {}, `${t(`rung.${name}`, {}, name)}:`), " ", el("em", {}, said));
  });
  return el("ol", { class: "ladder", "aria-label": t("ladder") }, ...steps);
}

function drawTimeline(conversation) {
  const byId = new Map(conversation.messages.map((message) => [message.id, message]));
  /* An answer of several bubbles came one way, told once, under the last. */
  const bots = conversation.messages.filter((message) => message.kind === "bot");
  const lastOf = new Map(bots.map((message) => [message.turn, message.id]));
  const rows = conversation.messages.map((message) => ({
    message,
    goesOn: message.turn !== null && message.kind === "bot" && lastOf.get(message.turn) !== message.id,
    quoted: byId.has(message.quotes) ? summary(byId.get(message.quotes)).slice(0, 120) : null,
  }));
  if (conversation.typing.includes("agent_bot")) rows.push({ typing: true });
  const box = $("timeline");
  const draw = () =>
    reconcile(box, rows, (item) => item.message?.id ?? "typing", (item) =>
      item.typing ? el("p", { class: "activity typing" }, icon("bot"), t("botTyping")) : entry(item),
    );
  const visible = box.clientHeight > 0;
  const scroller = scrollerOf(box);
  /* Behind the list there is no end to be at: it opens at its newest message when it is seen. */
  if (!visible) shown = null;
  if (shown === conversation.id) {
    keepAtEnd(scroller, draw);
  } else {
    box.replaceChildren();
    draw();
    scroller.scrollTop = scroller.scrollHeight;
    shown = visible ? conversation.id : null;
  }
}

/* On a small phone the header scrolls away with the talk. */
const scrollerOf = (box) => (getComputedStyle(box).overflowY === "visible" ? $("detail-body") : box);

function drawActions(conversation) {
  const mine = conversation.status === "open" && conversation.owner?.kind === "person";
  const withBot = conversation.status === "pending" && conversation.owner?.kind === "bot";
  const off = { "take-over": mine, "hand-back": withBot && !silent(conversation), resolve: conversation.status === "resolved" };
  for (const button of $("actions").querySelectorAll("[data-act]")) {
    button.disabled = off[button.dataset.act];
  }
}

const noteMode = () => document.querySelector("input[name=mode]:checked").value === "note";

function drawForm(conversation) {
  const note = noteMode();
  $("desk-form").classList.toggle("noting", note);
  $("desk-label").textContent = t(note ? "noteLabel" : "replyLabel");
  $("desk-text").placeholder = note
    ? t("notePlaceholder")
    : t("replyPlaceholder", { name: conversation.customer.name.split(" ")[0] });
  const hint = hintOf(conversation, note);
  $("desk-hint").replaceChildren(hint ? `${t(hint)} ` : "", el("span", { class: "keys" }, t("hintKeys")));
  $("desk-hint").classList.toggle("strong", Boolean(hint));
}

/* Who answers now, and what brings the bot back. */
function hintOf(conversation, note) {
  if (silent(conversation)) return "hintSilenced";
  if (conversation.status === "pending") return note ? null : "hintPending";
  return conversation.status === "resolved" ? null : "hintOpen";
}

/* As Chatwoot's own inbox would, but that one does not ask. */
const isCommand = (text) => /^\s*\/bot(\s|$)/i.test(text);

const ask = (open) => {
  $("desk-ask").hidden = !open;
};

function drawDetail() {
  const conversation = store.conversations.get(store.conversationId);
  $("detail-empty").hidden = Boolean(conversation);
  $("detail-body").hidden = !conversation;
  if (!conversation) {
    shown = null;
    return;
  }
  const { customer, labels, priority } = conversation;
  avatar($("detail-avatar"), customer.name);
  $("detail-name").textContent = customer.name;
  $("detail-meta").textContent = [inboxName(conversation.inbox), `#${conversation.id}`, customer.phone].filter(Boolean).join(" · ");
  const owner = el("span", { class: `owner ${conversation.owner?.kind ?? "nobody"}` });
  owner.append(icon(conversation.owner?.kind === "bot" ? "bot" : "hand"), ownerText(conversation.owner));
  const tags = [...(priority ? [priority] : []), ...labels].map((tag) => el("span", { class: "label" }, tag));
  reconcile($("detail-state"), [{ s: conversation.status, q: conversation.silenced, o: conversation.owner, labels, priority }], () => "state", () =>
    el("span", { class: "state" }, statusPill(conversation), owner, ...tags),
  );
  drawActions(conversation);
  drawTimeline(conversation);
  drawForm(conversation);
}

function draw() {
  $("you").textContent = t("youAre", { name: store.agent });
  drawList();
  drawDetail();
}

export function startOperator(attempt) {
  listen(draw);
  $("actions").addEventListener("click", (event) => {
    const action = event.target.closest("[data-act]")?.dataset.act;
    if (action) attempt(() => api.act(store.conversationId, action));
  });
  $("modes").addEventListener("change", () => {
    ask(false);
    draw();
  });
  $("back").addEventListener("click", () => {
    delete document.body.dataset.detail;
    shown = null;
  });
  $("desk-text").addEventListener("input", () => ask(false));
  $("desk-ask").addEventListener("click", (event) => {
    const how = event.target.closest("[data-send]")?.dataset.send;
    if (how) say(attempt, how === "note");
  });
  $("desk-text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("desk-form").requestSubmit();
  });
  $("desk-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!noteMode() && isCommand($("desk-text").value)) ask(true);
    else say(attempt, noteMode());
  });
}

async function say(attempt, asNote) {
  ask(false);
  const box = $("desk-text");
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  const sent = await attempt(() => api.say(store.conversationId, { text, private: asNote }));
  if (!sent && !box.value) box.value = text;
  const scroller = scrollerOf($("timeline"));
  scroller.scrollTop = scroller.scrollHeight;
}
