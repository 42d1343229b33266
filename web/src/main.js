// Wires the page: what is looked at (camera or photo), the gate, and what people press.
import { Camera } from "./camera.js";
import { Gate } from "./gate.js";
import * as gauge from "./gauge.js";
import * as mistakes from "./mistakes.js";
import * as pixels from "./pixels.js";
import * as places from "./places.js";
import { know, preferredLanguage, say, speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const [video, photo, stage, square, strip] = ["video", "photo", "stage", "square", "strip"].map($);
const stripLength = 12;
const speedFrames = 30;

const gate = new Gate();
const camera = new Camera(video);
const about = await (await fetch("gate.json")).json();

/** What is on the stage and what the gate made of it; a photo also has its file. */
let shown = null;
let held = false;
let isAsking = false; // for evidence
let evidence = null; // of what is shown, or was a moment ago before the camera
let isReady = false;
let loaded = 0; // share of the model that has come
let cameras = 2; // until it is known, which browsers tell once the camera is allowed
const frames = [];

function start() {
  know({ name: about.name, least: gauge.figure(about.threshold), promise: Math.round(100 * about.promisedAcceptRate) });
  language(preferredLanguage());
  $("language").value = document.documentElement.lang;
  gauge.setThreshold(about.threshold);
  $("facts").textContent = `${about.precision} · ≥ ${gauge.figure(about.threshold)} · ${about.centroidSha256.slice(0, 12)}`;
  listen();
  gate.onload = (share) => {
    loaded = share;
    tellLoading();
  };
  gate.ready.then(ready, (error) => {
    $("speed").textContent = "";
    trouble("broken", { reason: error.message });
  });
  navigator.permissions?.query({ name: "camera" }).then(({ state }) => state === "granted" && openCamera(), () => {});
}

function ready() {
  isReady = true;
  $("speed").textContent = "";
  // Only now: what is kept comes over the same line as what the first verdict waits for.
  if (about.offline && "serviceWorker" in navigator) {
    navigator.serviceWorker.register("sw.js");
  }
}

function tellLoading() {
  $("speed").textContent = isReady ? "" : say("loading", { percent: loaded > 0 ? `${Math.round(100 * loaded)} %` : "" }).trim();
}

function language(chosen, byHand) {
  speak(chosen, byHand);
  document.title = say("question");
  $("subject").textContent = say("yes");
  $("gauge").setAttribute("aria-label", say("gauge"));
  tellLoading();
  tellButtons();
  present();
}

// --- what is looked at

async function openCamera(open = () => camera.open(judgeFrame)) {
  if (!navigator.mediaDevices) {
    return trouble(window.isSecureContext ? "noCamera" : "insecure");
  }
  mode("camera");
  shown = null;
  evidence = null;
  present();
  try {
    await open();
    lay();
    cameras = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput").length;
    tellButtons();
  } catch (error) {
    mode("start");
    trouble(error.name === "NotAllowedError" ? "denied" : "noCamera");
  }
}

async function judgeFrame() {
  if (video.videoWidth === 0) {
    return; // the camera is still waking up
  }
  const began = performance.now();
  const square = pixels.square(video, video.videoWidth, video.videoHeight, about.size);
  explainIfAsked(square);
  const judgement = await gate.judge(square);
  if (mode() === "camera" && camera.isOpen) {
    shown = { judgement };
    present();
    measure(began, judgement);
  }
}

async function openPhotos(files) {
  for (const file of files) {
    try {
      const bitmap = await createImageBitmap(file);
      const item = { file, width: bitmap.width, height: bitmap.height, thumbnail: pixels.thumbnail(bitmap, bitmap.width, bitmap.height) };
      const square = pixels.square(bitmap, bitmap.width, bitmap.height, about.size);
      bitmap.close();
      item.square = copy(square);
      item.judgement = await gate.judge(square);
      keep(item);
      await showPhoto(item);
    } catch (error) {
      notice(say("unreadable", { file: file.name }));
      console.warn(file.name, error.message);
    }
  }
}

async function showPhoto(item) {
  camera.close();
  mode("photo");
  URL.revokeObjectURL(photo.src);
  photo.src = URL.createObjectURL(item.file);
  photo.alt = item.file.name ?? "";
  shown = item;
  evidence = item.evidence ?? null;
  $("speed").textContent = "";
  lay();
  present();
}

function keep(item) {
  const entry = document.createElement("li");
  const button = document.createElement("button");
  const value = document.createElement("span");
  value.innerHTML = `<svg aria-hidden="true"><use href="#${item.judgement.accepted ? "yes" : "no"}"/></svg>`;
  value.append(gauge.figure(item.judgement.similarity));
  button.append(item.thumbnail, value);
  button.dataset.verdict = item.judgement.accepted ? "yes" : "no";
  button.dataset.similarity = item.judgement.similarity;
  button.title = button.dataset.name = item.file.name ?? "";
  button.setAttribute("aria-label", `${button.title}: ${gauge.wordOf(item.judgement)}, ${value.textContent}`);
  button.onclick = () => showPhoto(item);
  entry.append(button);
  strip.prepend(entry);
  while (strip.children.length > stripLength) {
    strip.lastChild.remove();
  }
}

// --- what is shown

function present() {
  gauge.show(shown?.judgement ?? null);
  if (isExplaining()) {
    if (shown?.square) {
      explainIfAsked(shown.square);
    }
    const isOfThis = evidence && shown && evidence.similarity >= about.threshold === shown.judgement.accepted; // the camera may look at something else by now
    places.show(isOfThis ? evidence.evidence : null);
  }
  for (const button of [$("is-button"), $("is-not-button"), $("places-button")]) {
    button.disabled = !shown;
  }
}

function measure(began, judgement) {
  const now = performance.now();
  frames.push({ at: now, whole: now - began, gate: judgement.milliseconds });
  if (frames.length > speedFrames) {
    frames.shift();
  }
  if (judgement.id % 10 === 0 && frames.length > 2) {
    const rate = (1000 * (frames.length - 1)) / (now - frames[0].at);
    const middle = frames.map((frame) => frame.gate).sort((a, b) => a - b)[frames.length >> 1];
    $("speed").textContent = `${rate.toFixed(0)} fps · ${middle.toFixed(0)} ms`;
  }
  document.dispatchEvent(new CustomEvent("judged", { detail: { ...judgement, whole: now - began } }));
}

const copy = ({ edge, rgb }) => ({ edge, rgb: rgb.slice() });

/** Asks for the evidence of a square where it is looked at, and only once at a time: the gauge goes on meanwhile. */
async function explainIfAsked(square) {
  if (isAsking || !isExplaining() || (shown?.file && shown.evidence)) {
    return;
  }
  isAsking = true;
  const item = shown;
  const found = await gate.explain(copy(square));
  isAsking = false;
  if (item?.file) {
    item.evidence = found;
  }
  const isStill = item?.file ? item === shown : mode() === "camera";
  if (isStill) {
    evidence = found;
    document.dispatchEvent(new CustomEvent("explained", { detail: found.evidence }));
  }
  present();
}

/** Lays camera picture or photo so that the square is as large as it can be between the edges. */
function lay() {
  const [width, height] = shown?.file ? [shown.width, shown.height] : [video.videoWidth || 4, video.videoHeight || 3];
  const isWide = innerWidth > innerHeight;
  const room = innerHeight - $("bar").offsetHeight - (isWide ? 0 : $("verdict").offsetHeight) - 32; // what comes and goes lies over the picture
  const edge = Math.floor(Math.min(innerWidth, room));
  const scale = edge / Math.min(width, height);
  const centre = Math.max(edge / 2 + 6, room / 2);
  const box = (element, w, h) => Object.assign(element.style, { width: `${w}px`, height: `${h}px`, left: `${(innerWidth - w) / 2}px`, top: `${centre - h / 2}px` });
  [video, photo].forEach((element) => box(element, width * scale, height * scale));
  box(square, edge, edge);
}

const isExplaining = () => held || $("places-button").getAttribute("aria-pressed") === "true";

function explain() {
  document.body.classList.toggle("explaining", isExplaining() && shown !== null);
  $("caption").hidden = !isExplaining() || shown === null;
  $("caption").textContent = say("caption");
  present();
}

function mode(next) {
  if (next) {
    document.body.dataset.mode = next;
    photo.hidden = next !== "photo";
    tellButtons();
  }
  return document.body.dataset.mode;
}

function tellButtons() {
  const inCamera = mode() === "camera";
  $("camera-button").hidden = inCamera && cameras < 2; // there is none to switch to
  $("camera-button").querySelector("span").textContent = say(inCamera ? "turn" : "back");
  $("camera-button").querySelector("use").setAttribute("href", inCamera ? "#turn" : "#camera");
  $("save-button").hidden = mistakes.count() === 0;
  $("save-button").querySelector("span").textContent = say("save", { count: mistakes.count() });
}

function trouble(text, values) {
  mode("start");
  $("trouble").hidden = false;
  $("trouble").textContent = say(text, values);
}

function notice(text) {
  $("caption").hidden = false;
  $("caption").textContent = text;
  setTimeout(explain, 4000);
}

// --- what people press

async function noteMistake(isSubject) {
  if (shown) {
    const { similarity } = shown.judgement;
    mistakes.note(shown.file ?? (await pixels.toJpeg(video)), isSubject, similarity);
    tellButtons();
    notice(say("saved", { count: mistakes.count() }));
  }
}

function hold(now) {
  held = now;
  explain();
}

function listen() {
  const press = (id, action) => $(id).addEventListener("click", action);
  press("start-camera", () => openCamera());
  press("start-photo", () => $("file").click());
  press("photo-button", () => $("file").click());
  press("camera-button", () => (mode() === "camera" ? openCamera(() => camera.switch(judgeFrame)) : openCamera()));
  press("is-button", () => noteMistake(true));
  press("is-not-button", () => noteMistake(false));
  press("save-button", async () => {
    await mistakes.save(about.name);
    tellButtons();
  });
  press("places-button", () => {
    const button = $("places-button");
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    explain();
  });
  press("help-button", () => $("help").showModal());
  $("language").addEventListener("change", (event) => language(event.target.value, true));
  $("file").addEventListener("change", (event) => {
    openPhotos([...event.target.files]);
    event.target.value = "";
  });
  stage.addEventListener("pointerdown", () => hold(true));
  ["pointerup", "pointercancel", "blur"].forEach((end) => addEventListener(end, () => held && hold(false)));
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("dragenter", () => document.body.classList.add("dropping"));
  addEventListener("dragleave", (event) => event.relatedTarget === null && document.body.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    openPhotos([...event.dataTransfer.files]);
  });
  addEventListener("keydown", (event) => {
    if ($("help").open || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const isPressable = event.target.closest("button, select") !== null;
    const action = { y: () => noteMistake(true), n: () => noteMistake(false), p: () => $("file").click(), c: () => $("camera-button").click() }[event.key];
    if (event.key === " " && !isPressable && !event.repeat) {
      hold(true);
      event.preventDefault();
    } else if (!event.repeat) {
      action?.();
    }
  });
  addEventListener("keyup", (event) => event.key === " " && held && hold(false));
  addEventListener("resize", lay);
  video.addEventListener("resize", lay);
  addEventListener("beforeunload", (event) => mistakes.count() > 0 && event.preventDefault());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && mode() === "camera" && !video.srcObject?.active) {
      openCamera(); // phones take the camera away from a page in the background
    }
  });
}

start();
