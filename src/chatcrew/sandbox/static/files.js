/* How a file looks inside a bubble; shared by both sides. */

import { el, icon } from "./dom.js";
import { size, t } from "./i18n.js";

const KINDS = {
  audio: { icon: "mic", text: "voice" },
  image: { icon: "image", text: "photo" },
  video: { icon: "file", text: "video" },
  location: { icon: "pin", text: "location" },
};

/* What browsers show by themselves; anything else (a phone's HEIC, an SVG) is a file to save. */
const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export function fileNode(file) {
  if (SHOWN.has(file.type)) {
    return el("img", { class: "file-photo", src: file.url, alt: t("photo"), onload: followEnd });
  }
  if (file.kind === "audio") return file.sample ? voice() : player(file);
  const known = KINDS[file.kind];
  const name = file.name || (known ? t(known.text) : file.kind);
  const words = el("span", { class: "file-name" }, name, file.size ? el("small", {}, size(file.size)) : null);
  const inside = [icon(known?.icon ?? "file"), words];
  if (!file.size) return el("span", { class: "file" }, ...inside);
  return el("a", { class: "file", href: file.url, download: file.name }, ...inside);
}

function player(file) {
  const sound = el("audio", { controls: true, preload: "metadata", src: file.url, "aria-label": t("voice") });
  return el("span", { class: "file played" }, sound);
}

/* The voice note of the menu cannot be played: it is a sample without a sound. */
function voice() {
  const wave = el("span", { class: "wave", "aria-hidden": "true" });
  for (let bar = 0; bar < 22; bar += 1) wave.append(el("i", { class: `h${(bar * 7) % 5}` }));
  return el("span", { class: "file voice" }, icon("mic"), wave, el("span", { class: "sr" }, t("voice")), el("time", {}, "0:07"));
}

/* A picture has its height only when it is there; the end of the talk shall stay in sight. */
function followEnd(event) {
  const log = event.target.closest("[role=log]");
  if (log && log.scrollHeight - log.scrollTop - log.clientHeight < event.target.height + 120) {
    log.scrollTop = log.scrollHeight;
  }
}

export function summary(message) {
  if (message.text) return message.text;
  const file = message.files[0];
  if (!file) return "";
  const known = KINDS[file.kind];
  return known ? t(known.text) : file.name;
}
