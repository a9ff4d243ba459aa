/* How a file looks inside a bubble; shared by both sides. */

import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

const KINDS = {
  audio: { icon: "mic", text: "voice" },
  image: { icon: "image", text: "photo" },
  location: { icon: "pin", text: "location" },
};

export function fileNode(file) {
  if (file.kind === "image") {
    return el("img", { class: "file-photo", src: file.url, alt: t("photo"), width: 240, height: 160 });
  }
  if (file.kind === "audio") return voice();
  const known = KINDS[file.kind];
  return el(
    "span",
    { class: "file" },
    icon(known?.icon ?? "file"),
    el("span", { class: "file-name" }, file.name || (known ? t(known.text) : file.kind)),
  );
}

/* A voice note cannot be played here: it is a prop. */
function voice() {
  const wave = el("span", { class: "wave", "aria-hidden": "true" });
  for (let bar = 0; bar < 22; bar += 1) wave.append(el("i", { class: `h${(bar * 7) % 5}` }));
  return el("span", { class: "file voice" }, icon("mic"), wave, el("span", { class: "sr" }, t("voice")), el("time", {}, "0:07"));
}

export function summary(message) {
  if (message.text) return message.text;
  const file = message.files[0];
  if (!file) return "";
  const known = KINDS[file.kind];
  return known ? t(known.text) : file.name;
}
