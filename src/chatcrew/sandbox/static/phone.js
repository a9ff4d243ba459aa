/* The customer's side: one WhatsApp-like thread over all of a customer's conversations. */

import { $, avatar, el, icon, keepAtEnd, reconcile, rich } from "./dom.js";
import { fileNode, summary } from "./files.js";
import { channelName, clock, inboxTitle, t } from "./i18n.js";
import { startFiles } from "./recorder.js";
import { api, conversationsOf, inboxOf, listen, select, store } from "./store.js";

let attempt = async () => {};
/* Nobody is "online" where letters are written. */
const LETTERS = new Set(["Email", "Sms"]);
let shownThread = null;

const thread = () =>
  conversationsOf(store.customerId, store.inboxId)
    .flatMap((conversation) => conversation.messages)
    .filter((message) => message.visible)
    .sort((a, b) => a.id - b.id);

function bubble({ message, quoted, answered, open }) {
  const mine = message.kind === "customer";
  const box = el("div", { class: `bubble ${mine ? "mine" : "theirs"}` });
  if (quoted) box.append(el("span", { class: "quote" }, quoted));
  for (const file of message.files) box.append(fileNode(file));
  if (message.text) box.append(el("span", { class: "words" }, rich(message.text)));
  const foot = el("span", { class: "foot" }, el("time", {}, clock(message.at)));
  if (mine) foot.append(el("span", { class: answered ? "ticks read" : "ticks" }, icon("ticks")));
  box.append(foot);
  const row = el("div", { class: "row" }, box);
  if (message.options.length) row.append(buttons(message, open));
  return row;
}

function buttons(message, open) {
  const group = el("div", { class: "options", role: "group" });
  for (const title of message.options) {
    const press = () => attempt(() => api.write({ text: title, chosen: message.id }));
    group.append(el("button", { type: "button", disabled: !open, onclick: press }, title));
  }
  return group;
}

function drawThread() {
  const messages = thread();
  const byId = new Map(messages.map((message) => [message.id, message]));
  const lastMine = messages.findLast((message) => message.kind === "customer")?.id ?? 0;
  const lastTheirs = messages.findLast((message) => message.kind !== "customer")?.id ?? 0;
  const items = messages.map((message) => ({
    message,
    quoted: byId.has(message.quotes) ? summary(byId.get(message.quotes)).slice(0, 120) : null,
    answered: message.id < lastTheirs,
    open: message.id > lastMine,
  }));
  const typing = conversationsOf(store.customerId, store.inboxId).some((c) => c.typing.some((who) => who !== "contact"));
  const rows = [...(items.length ? [{ day: true }] : []), ...items, ...(typing ? [{ typing }] : [])];
  const box = $("phone-thread");
  const draw = () =>
    reconcile(box, rows, (item) => item.message?.id ?? (item.day ? "day" : "typing"), (item) => {
      if (item.day) return el("p", { class: "day" }, t("today"));
      if (item.typing) return el("div", { class: "row" }, dots());
      return bubble(item);
    });
  const showing = `${store.customerId} ${store.inboxId}`;
  if (shownThread === showing) {
    keepAtEnd(box, draw);
  } else {
    shownThread = showing;
    draw();
    box.scrollTop = box.scrollHeight;
  }
  const inbox = inboxOf(store.inboxId);
  const live = !LETTERS.has(inbox?.channel) && t("online");
  const presence = [inbox?.bot, channelName(inbox), live].filter(Boolean).join(" · ");
  $("phone-presence").textContent = typing ? t("botTyping") : presence;
  return messages.length;
}

function dots() {
  return el("div", { class: "bubble theirs dots", "aria-label": t("botTyping") }, el("i"), el("i"), el("i"));
}

/* Who answers here, and how: each business has its own bot and its own voice. */
function hello({ business, bot, voice }) {
  const text = bot ? t("emptyPhoneBot", { bot, name: business }) : t("emptyPhone", { name: business });
  return el("p", { class: "hello" }, text, voice ? el("small", {}, t("voiceOf", { voice })) : null);
}

function drawStarters(count, inbox) {
  const { starters } = inbox;
  const box = $("starters");
  box.hidden = count > 0;
  if (count > 0) return;
  const start = (text) => () => attempt(() => api.write({ text }));
  const chips = starters.map((text) => el("button", { type: "button", onclick: start(text) }, text));
  box.replaceChildren(
    hello(inbox),
    el("div", { class: "chips", role: "group", "aria-label": t("startersHeading") }, ...chips),
  );
}

function drawCustomers() {
  const box = $("customer-select");
  const options = store.customers.map(({ id, name }) => el("option", { value: id }, name));
  const names = store.customers.map(({ id, name }) => `${id} ${name}`).join("|");
  if (box.dataset.names !== names) {
    box.replaceChildren(...options);
    box.dataset.names = names;
  }
  box.value = String(store.customerId ?? "");
}

function drawInboxes() {
  const box = $("inbox-select");
  $("inbox-choice").hidden = store.inboxes.length < 2;
  const titles = store.inboxes.map((inbox) => ({ id: inbox.id, title: inboxTitle(inbox) }));
  const names = JSON.stringify(titles);
  if (box.dataset.names !== names) {
    box.replaceChildren(...titles.map(({ id, title }) => el("option", { value: id }, title)));
    box.dataset.names = names;
  }
  box.value = String(store.inboxId ?? "");
}

/* Silence needs a reason: who tries the phone after a handoff would think the bot is broken. */
function drawHint() {
  const newest = conversationsOf(store.customerId, store.inboxId).at(-1);
  const open = newest?.status === "open" || newest?.status === "snoozed";
  const key = open ? "phoneOpen" : newest?.silenced && newest.status === "pending" ? "phoneSilenced" : null;
  $("phone-hint").hidden = !key;
  $("phone-hint").textContent = key ? t(key) : "";
}

function draw() {
  const inbox = inboxOf(store.inboxId) ?? { business: "", channel: "", starters: [] };
  avatar($("phone-avatar"), inbox.business || "?");
  $("phone").dataset.channel = inbox.channel;
  $("phone-name").textContent = inbox.business;
  $("phone-name").title = inbox.business;
  drawInboxes();
  drawCustomers();
  drawHint();
  drawStarters(drawThread(), inbox);
}

function toggleMenu(open) {
  $("attach-menu").hidden = !open;
  $("attach").setAttribute("aria-expanded", String(open));
}

export function startPhone(tryTo) {
  attempt = tryTo;
  listen(draw);
  $("phone-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = $("phone-text");
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    const sent = await attempt(() => api.write({ text }));
    if (!sent && !input.value) input.value = text;
    $("phone-thread").scrollTop = $("phone-thread").scrollHeight;
  });
  $("customer-select").addEventListener("change", (event) => {
    const customerId = Number(event.target.value);
    select({ customerId, conversationId: conversationsOf(customerId, store.inboxId).at(-1)?.id ?? null });
  });
  $("inbox-select").addEventListener("change", (event) => {
    const inboxId = Number(event.target.value);
    select({ inboxId, conversationId: conversationsOf(store.customerId, inboxId).at(-1)?.id ?? null });
  });
  $("new-customer").addEventListener("click", () =>
    attempt(async () => {
      const customer = await api.newCustomer();
      if (!store.customers.some(({ id }) => id === customer.id)) store.customers.push(customer);
      select({ customerId: customer.id, conversationId: null });
      $("phone-text").focus();
    }),
  );
  startFiles(tryTo, () => toggleMenu(false));
  $("attach").addEventListener("click", () => toggleMenu($("attach-menu").hidden));
  $("attach-menu").addEventListener("click", (event) => {
    const file = event.target.closest("[data-file]")?.dataset.file;
    if (!file) return;
    toggleMenu(false);
    attempt(() => api.write({ file }));
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".attach")) toggleMenu(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("attach-menu").hidden) return;
    toggleMenu(false);
    $("attach").focus();
  });
}
