// The console works without this file; with it, menus fold, charts are drawn, and live views live.

import { drawCharts } from "./charts.js";

const root = document.documentElement;
root.dataset.js = "";

const button = document.querySelector(".menu-button");
const nav = document.querySelector(".nav");
button?.addEventListener("click", () => {
  const open = nav.classList.toggle("open");
  button.setAttribute("aria-expanded", String(open));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !nav?.classList.contains("open")) return;
  nav.classList.remove("open");
  button.setAttribute("aria-expanded", "false");
  button.focus();
});

// A filter counts as soon as it is chosen; its button is for those without this file.
for (const form of document.querySelectorAll("form.filters")) {
  const select = form.querySelector("select");
  select?.addEventListener("change", () => form.requestSubmit());
}

// Of things that ask whether somebody is sure, one is open at a time.
document.addEventListener("toggle", (event) => {
  const one = event.target;
  if (!one.open || !one.classList?.contains("sure")) return;
  for (const other of document.querySelectorAll(".sure[open]")) if (other !== one) other.open = false;
}, true);

// A pressed button is pressed once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
  form.dataset.sent = "";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const toggle of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(toggle.dataset.shows);
  toggle.hidden = false;
  toggle.addEventListener("change", () => { field.type = toggle.querySelector("input").checked ? "text" : "password"; });
}

// Live lists: the server sends ready items, the newest last.
for (const list of document.querySelectorAll("[data-stream]")) listen(list);

function listen(list) {
  const most = Number(list.dataset.most) || 100;
  const signal = document.getElementById(list.dataset.signal);
  const empty = document.getElementById(list.dataset.empty);
  const source = new EventSource(list.dataset.stream);
  const tell = (on) => {
    if (!signal) return;
    signal.toggleAttribute("data-on", on);
    signal.textContent = on ? signal.dataset.yes : signal.dataset.no;
  };
  source.addEventListener("open", () => tell(true));
  source.addEventListener("error", () => {
    tell(false);
    // A refusal ends the source for good: the session is over, or too many look.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 15000);
  });
  source.addEventListener("items", (event) => {
    const box = document.createElement("template");
    box.innerHTML = event.data;
    for (const item of box.content.querySelectorAll("li")) {
      if (item.id && document.getElementById(item.id)) continue;
      item.classList.add("new");
      list.prepend(item);
    }
    while (list.children.length > most) list.lastElementChild.remove();
    if (empty) empty.hidden = list.children.length > 0;
  });
  addEventListener("pagehide", () => source.close());
}

drawCharts();
