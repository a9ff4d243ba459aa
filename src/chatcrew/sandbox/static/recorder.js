/* Files of one's own from the phone: chosen, dropped, pasted, or spoken. */

import { $ } from "./dom.js";
import { t } from "./i18n.js";
import { api } from "./store.js";

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const LARGEST = 40_000_000;

let attempt = async () => {};
let recording = null;

/* Words that stand in the box go with the first file, as a caption does on a phone. */
async function send(files) {
  const input = $("phone-text");
  let text = input.value.trim();
  for (const file of files) {
    if (file.size > LARGEST) {
      await attempt(() => Promise.reject(new Error("413")), t("fileTooBig"));
      continue;
    }
    const words = text;
    text = "";
    if (words) input.value = "";
    const sent = await attempt(() => api.upload(file, words));
    if (!sent && words) input.value = words;
  }
  $("phone-thread").scrollTop = $("phone-thread").scrollHeight;
}

const hasFiles = (transfer) => [...(transfer?.types ?? [])].includes("Files");

function startDropping() {
  const phone = $("phone");
  let depth = 0;
  const show = (change) => {
    depth = change === 0 ? 0 : depth + change;
    phone.classList.toggle("dropping", depth > 0);
  };
  phone.addEventListener("dragenter", (event) => hasFiles(event.dataTransfer) && show(1));
  phone.addEventListener("dragleave", (event) => hasFiles(event.dataTransfer) && show(-1));
  phone.addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
  phone.addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    show(0);
    send([...event.dataTransfer.files]);
  });
  $("phone-text").addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    send(files);
  });
}

const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

async function record() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    await attempt(() => Promise.reject(new Error("microphone")), t("noMicrophone"));
    return;
  }
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const chunks = [];
  const began = Date.now();
  const tick = () => {
    const spent = Math.floor((Date.now() - began) / 1000);
    $("record-time").textContent = `${Math.floor(spent / 60)}:${String(spent % 60).padStart(2, "0")}`;
  };
  recorder.addEventListener("dataavailable", ({ data }) => data.size && chunks.push(data));
  recorder.addEventListener("stop", () => {
    stream.getTracks().forEach((track) => track.stop());
    clearInterval(recording.timer);
    const wanted = recording.wanted;
    recording = null;
    showRecording(false);
    const plain = recorder.mimeType.split(";")[0];
    if (wanted && chunks.length) send([new File(chunks, `audio.${plain.split("/")[1]}`, { type: plain })]);
  });
  recording = { recorder, wanted: false, timer: setInterval(tick, 250) };
  tick();
  showRecording(true);
  recorder.start();
}

function finish(wanted) {
  if (!recording || recording.recorder.state === "inactive") return;
  recording.wanted = wanted;
  recording.recorder.stop();
}

function showRecording(on) {
  $("recording").hidden = !on;
  $("phone-form").hidden = on;
  $(on ? "record-send" : "phone-text").focus();
}

export function startFiles(tryTo, closeMenu) {
  attempt = tryTo;
  startDropping();
  $("record").hidden = !canRecord();
  $("record").addEventListener("click", () => {
    closeMenu();
    record();
  });
  $("record-send").addEventListener("click", () => finish(true));
  $("record-cancel").addEventListener("click", () => finish(false));
  $("recording").addEventListener("keydown", (event) => event.key === "Escape" && finish(false));
  $("pick").addEventListener("click", () => {
    closeMenu();
    $("picked").click();
  });
  $("picked").addEventListener("change", async () => {
    const files = [...$("picked").files];
    await send(files);
    $("picked").value = "";
  });
}
