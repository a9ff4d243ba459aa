// The tab's page: asks Chatwoot which conversation it stands in, pairs the browser, keeps the
// panel fresh. What Chatwoot says is a hint; the server decides by what it knows itself.

const ROOT = location.pathname.replace(/\/+$/, "");
const ORIGINS = (document.documentElement.dataset.origins || "").split(" ");
const ASK = "chatwoot-dashboard-app:fetch-info";
const KEPT = `chatcrew:${ROOT}`;
const PAIRING_EVERY = 1500;
const LOOK_EVERY = 15000; // where the server has no stream left
const main = document.getElementById("main");
const away = document.getElementById("away");

let number = null; // of the conversation that Chatwoot shows
let user = null; // who, by Chatwoot's word, sits before it
let kept = read();
let round = 0; // every change of conversation ends what runs for the one before
let stream = null;

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || {};
  } catch {
    return {}; // storage is blocked in this frame: the secret lives in memory only
  }
}

function keep(changes) {
  kept = { ...kept, ...changes };
  try {
    localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // as above
  }
}

function headers() {
  const found = { "X-Tab-Language": kept.language || document.documentElement.lang };
  if (kept.secret) found.Authorization = `Bearer ${kept.secret}`;
  if (user !== null) found["X-Tab-User"] = String(user);
  return found;
}

const address = (part) => `${ROOT}/conversations/${number}/${part}`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const paired = () => document.getElementById("panel") !== null;

async function ask(part, options = {}) {
  const answer = await fetch(address(part), { ...options, headers: headers(), cache: "no-store" });
  away.hidden = true;
  return answer;
}

// --- which conversation -----------------------------------------------------------------------

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || !ORIGINS.includes(event.origin)) return;
  let said = null;
  try {
    said = JSON.parse(event.data);
  } catch {
    return;
  }
  if (said?.event !== "appContext") return;
  const talk = said.data?.conversation?.id;
  const agent = said.data?.currentAgent?.id;
  if (!Number.isSafeInteger(talk) || talk < 1) return;
  if (talk === number && agent === user) return;
  number = talk;
  user = Number.isSafeInteger(agent) ? agent : null;
  begin();
});

async function askForContext() {
  if (window.parent === window) {
    document.getElementById("loading").hidden = true;
    document.getElementById("outside").hidden = false;
    main.removeAttribute("aria-busy");
    return;
  }
  for (let wait = 250; number === null; wait = Math.min(wait * 2, 5000)) {
    window.parent.postMessage(ASK, "*");
    await pause(wait);
  }
}

// --- the panel, or a code ---------------------------------------------------------------------

async function begin() {
  const mine = ++round;
  stream?.abort();
  for (let wait = 1000; mine === round; wait = Math.min(wait * 2, 15000)) {
    try {
      if (kept.secret && (await show(mine))) return;
      if (mine === round) await pair(mine);
      return;
    } catch {
      away.hidden = false;
      await pause(wait);
    }
  }
}

async function show(mine) {
  const answer = await ask("panel");
  if (answer.status === 204) return false;
  if (!answer.ok) throw new Error("panel");
  const text = await answer.text();
  if (mine !== round) return true;
  put(text);
  follow(mine);
  return true;
}

function put(text) {
  main.innerHTML = text;
  main.removeAttribute("aria-busy");
  window.htmx.process(main);
}

async function pair(mine) {
  const answer = await ask("code", { method: "POST" });
  if (!answer.ok) throw new Error("code");
  const begun = await answer.json();
  if (mine !== round) return;
  keep({ secret: begun.secret });
  put(begun.html);
  while (mine === round) {
    await pause(PAIRING_EVERY);
    if (mine !== round) return;
    if (document.hidden) continue;
    if (await show(mine)) return;
    if (Date.now() / 1000 > begun.until - 5) return void begin();
  }
}

// --- what changes while it is shown -----------------------------------------------------------

async function follow(mine) {
  for (let wait = 1000; mine === round; wait = Math.min(wait * 2, 15000)) {
    stream = new AbortController();
    try {
      const answer = await ask("events", { signal: stream.signal });
      if (answer.status === 204) return void begin();
      if (answer.status === 429) {
        refresh();
        await pause(LOOK_EVERY);
        continue;
      }
      if (!answer.ok) throw new Error("events");
      wait = 1000;
      refresh();
      const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ; ) {
        const { value, done } = await lines.read();
        if (done || mine !== round) break;
        const events = (rest + value).split(/\r\n\r\n/);
        rest = events.pop();
        if (events.some((one) => /^event: ended/m.test(one))) return void begin();
        if (events.some((one) => /^event: changed/m.test(one))) refresh();
      }
    } catch {
      if (mine !== round) return;
      away.hidden = false;
    }
    await pause(wait);
  }
}

function refresh() {
  if (paired()) window.htmx.ajax("GET", "panel", { source: main, target: main, swap: "none" });
}

function seen() {
  const parts = document.querySelectorAll("[data-part]");
  return [...parts].map((part) => `${part.dataset.part}=${part.dataset.mark}`).join(" ");
}

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.path = address(event.detail.path);
  Object.assign(event.detail.headers, headers());
  for (const name of Object.keys(event.detail.headers)) {
    if (name.startsWith("HX-")) delete event.detail.headers[name];
  }
  if (event.detail.verb === "get") event.detail.headers["X-Tab-Seen"] = seen();
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr.status === 204) return void begin();
  const form = event.detail.elt;
  if (event.detail.successful && event.detail.requestConfig.verb === "post") {
    form.closest("details")?.removeAttribute("open");
    if (form instanceof HTMLFormElement) form.reset();
  }
});
document.body.addEventListener("htmx:sendError", () => { away.hidden = false; });

// A part in which somebody writes is left as it is until he has done so.
const busy = (part) =>
  [...part.querySelectorAll("details[open] textarea")].some(
    (text) => text === document.activeElement || text.value !== text.defaultValue,
  );

let stale = false;
document.body.addEventListener("focusout", () => {
  if (!stale) return;
  stale = false;
  setTimeout(refresh, 150);
});

let opened = new Set();
let focused = null;
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const part = event.detail.target;
  if (busy(part)) {
    event.detail.shouldSwap = false;
    stale = true;
    return;
  }
  opened = new Set([...part.querySelectorAll("details[open][id]")].map((one) => one.id));
  const here = part.contains(document.activeElement) ? document.activeElement : null;
  focused = here && (here.id || here.closest("details[id]")?.id || part.id);
});
document.body.addEventListener("htmx:oobAfterSwap", () => {
  for (const id of opened) {
    const one = document.getElementById(id);
    if (one && !one.classList.contains("menu")) one.open = true;
  }
  opened = new Set();
  if (focused !== null) {
    const place = document.getElementById(focused);
    (place?.querySelector("summary, button") || place)?.focus({ preventScroll: true });
    focused = null;
  }
});

// --- small things -----------------------------------------------------------------------------

document.body.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (button?.dataset.copy) copy(button);
  if (button?.id === "language") {
    keep({ language: button.lang });
    document.documentElement.lang = button.lang;
    begin();
  }
  if (button?.id === "leave") {
    await fetch(`${ROOT}/leave`, { method: "POST", headers: headers() }).catch(() => null);
    keep({ secret: null });
    begin();
  }
});

document.body.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest("details[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// The clipboard of the page is closed to a frame without leave; a selection can always be copied.
function copy(button) {
  const range = document.createRange();
  range.selectNodeContents(document.getElementById(button.dataset.copy));
  const chosen = window.getSelection();
  chosen.removeAllRanges();
  chosen.addRange(range);
  if (!document.execCommand("copy")) return;
  chosen.removeAllRanges();
  const words = button.textContent;
  button.style.minWidth = `${button.offsetWidth}px`;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = words; }, 1600);
}

const said = new MutationObserver(() => {
  const words = document.getElementById("said");
  if (!words?.textContent.trim()) return;
  clearTimeout(said.timer);
  said.timer = setTimeout(() => { words.textContent = ""; }, 4000);
});
said.observe(main, { childList: true, subtree: true });

askForContext();
