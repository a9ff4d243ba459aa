/* Puts the page together: language, theme, tabs, the live connection. */

import { $ } from "./dom.js";
import { currentLanguage, setLanguage, t } from "./i18n.js";
import { startOperator } from "./operator.js";
import { startPhone } from "./phone.js";
import { startTab } from "./tab.js";
import { changed, connect, listen, store } from "./store.js";

const remembered = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const remember = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* A browser without storage forgets: that is all. */
  }
};

let hideToast = 0;

async function attempt(work, otherwise = t("error")) {
  try {
    await work();
    return true;
  } catch {
    const toast = $("toast");
    toast.textContent = otherwise;
    toast.hidden = false;
    clearTimeout(hideToast);
    hideToast = setTimeout(() => {
      toast.hidden = true;
    }, 5000);
    return false;
  }
}

const LABELS = {
  theme: "themeLabel",
  attach: "attach",
  "phone-send": "sendMessage",
  "record-send": "sendVoice",
  "record-cancel": "cancel",
  picked: "pickFile",
  back: "back",
  actions: "actions",
  modes: "mode",
};

function speak(language) {
  setLanguage(language);
  for (const [id, key] of Object.entries(LABELS)) $(id).setAttribute("aria-label", t(key));
  $("theme").title = t("themeLabel");
  $("language").textContent = t("toEnglish");
  $("language").lang = language === "en" ? "pt-BR" : "en";
  /* Every drawn node holds words: draw them all anew. */
  for (const id of ["phone-thread", "conversation-list", "timeline", "detail-state"]) $(id).replaceChildren();
  changed();
}

function drawTop() {
  document.title = store.title || "chatcrew";
  $("title").textContent = store.title || "chatcrew";
  $("banner").hidden = store.modelConfigured;
  $("live").classList.toggle("off", !store.connected);
  $("live-text").textContent = t(store.connected ? "liveOn" : "liveOff");
}

function showSide(side, focus) {
  document.body.dataset.side = side;
  for (const name of ["customer", "operator"]) {
    const tab = $(`tab-${name}`);
    tab.setAttribute("aria-selected", String(name === side));
    tab.tabIndex = name === side ? 0 : -1;
    if (focus && name === side) tab.focus();
  }
  changed();
}

function startTabs() {
  for (const name of ["customer", "operator"]) $(`tab-${name}`).addEventListener("click", () => showSide(name));
  $("tabs").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    showSide(document.body.dataset.side === "customer" ? "operator" : "customer", true);
  });
}

function startTheme() {
  const kept = remembered("chatcrew-theme");
  if (kept) document.documentElement.dataset.theme = kept;
  $("theme").addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (document.documentElement.dataset.theme ?? system) === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    remember("chatcrew-theme", next);
  });
}

listen(drawTop);
startTabs();
startTheme();
startPhone(attempt);
startOperator(attempt);
startTab();
const asked = new URLSearchParams(location.search).get("lang");
speak(asked ? currentLanguage() : (remembered("chatcrew-language") ?? currentLanguage()));
$("language").addEventListener("click", () => {
  const next = currentLanguage() === "en" ? "pt-BR" : "en";
  remember("chatcrew-language", next);
  speak(next);
});
connect();
