/* Small helpers that build nodes; text only ever enters the page as text nodes. */

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/* Keeps the nodes of unchanged items, so that focus, selection and scroll survive an update. */
export function reconcile(container, items, keyOf, render) {
  const old = new Map([...container.children].map((node) => [node.dataset.key, node]));
  let place = null;
  for (const item of items) {
    const key = String(keyOf(item));
    const version = JSON.stringify(item);
    let node = old.get(key);
    if (!node || node.dataset.version !== version) {
      const fresh = render(item);
      fresh.dataset.key = key;
      fresh.dataset.version = version;
      if (node) {
        fresh.classList.add("updated");
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    old.delete(key);
    const next = place === null ? container.firstElementChild : place.nextElementSibling;
    if (node !== next) container.insertBefore(node, next);
    place = node;
  }
  for (const gone of old.values()) gone.remove();
}

/* Follows the end of a log, unless somebody scrolled up to read. */
export function keepAtEnd(box, change) {
  const near = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  change();
  if (near) box.scrollTop = box.scrollHeight;
}

/* WhatsApp's own marks (and Markdown's double stars), as nodes: never as HTML. */
const MARKS = /(```[\s\S]+?```|`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\n]+\*|(?<![\w])_[^_\n]+_(?![\w])|~[^~\n]+~|https?:\/\/[^\s<>"']+)/g;

export function rich(text) {
  const box = document.createDocumentFragment();
  for (const part of text.split(MARKS)) {
    if (!part) continue;
    const inner = part.replace(/^(\*\*|[*_~]|`{1,3})([\s\S]*)\1$/, "$2");
    if (/^https?:\/\//.test(part)) box.append(link(part));
    else if (inner === part) box.append(part);
    else if (part.startsWith("*")) box.append(el("strong", {}, rich(inner)));
    else if (part.startsWith("_")) box.append(el("em", {}, inner));
    else if (part.startsWith("~")) box.append(el("s", {}, inner));
    else box.append(el("code", {}, inner));
  }
  return box;
}

function link(address) {
  const clean = address.replace(/[.,;:!?)]+$/, "");
  const box = document.createDocumentFragment();
  box.append(
    el("a", { href: clean, rel: "noopener noreferrer nofollow", target: "_blank" }, clean),
    address.slice(clean.length),
  );
  return box;
}

export function initials(name) {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words[words.length - 1][0] : "";
  return ((words[0]?.[0] ?? "?") + last).toUpperCase();
}

/* One of eight hues, always the same for one name. */
export function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % 8;
}

export function avatar(node, name) {
  node.textContent = initials(name);
  node.dataset.hue = String(hue(name));
  return node;
}
