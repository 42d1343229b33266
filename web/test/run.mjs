// The page in headless Chromium, before a fake camera; scripts/web-test calls it.
//   node test/run.mjs --site DIR --pictures FILE [--shots DIR] [--frames N] [--soak MINUTES]
// FILE is what 'trainer predict --json' said about some pictures, a line each: {"file", "similarity", "accepted"}.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { chromium } from "playwright-core";
import { makeFilm } from "./film.mjs";
import { serve } from "./server.mjs";

const { values: options } = parseArgs({ options: {
  site: { type: "string" }, pictures: { type: "string" }, shots: { type: "string" }, frames: { type: "string", default: "200" }, soak: { type: "string", default: "0" },
  chromium: { type: "string", default: "/usr/bin/chromium" },
} });
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "en-GB" };
const desktop = { viewport: { width: 1280, height: 800 }, locale: "en-GB" };
const filmedOfEach = 2;
const secondsEach = 1;
const megabyte = 1e6;

const work = mkdtempSync(join(tmpdir(), "web-test-"));
const shots = options.shots ?? work;
mkdirSync(shots, { recursive: true });
const pictures = readFileSync(options.pictures, "utf8").trim().split("\n").map((line) => JSON.parse(line)).filter((picture) => "similarity" in picture);
const gate = JSON.parse(readFileSync(join(options.site, "gate.json"), "utf8"));
const tolerance = 2e-3;
const complaints = [];
const site = await serve(options.site);
let browser = await launch();
try {
  const film = await shoot();
  await browser.close();
  browser = await launch(film);
  await lookThroughTheCamera();
  await lookAtPhotos();
  await lookAtABlackPhoto();
  await lookOnADesktop();
  await goOffline(); // last: it ends the server
  await soak(Number(options.soak));
  assert.deepEqual(complaints, [], "the console stays empty");
  weigh();
  console.log("ok");
} finally {
  await browser.close();
  site.close();
  rmSync(work, { recursive: true, force: true });
}

/** Without a camera: the page as it greets, and a film of the pictures that the gate is surest of. */
async function shoot() {
  const page = await open(phone);
  await page.screenshot({ path: join(shots, "phone-start.png") });
  await page.waitForFunction(() => loading.length > 0 && document.getElementById("speed").textContent === "");
  assert((await page.evaluate(() => loading)).some((text) => /\d %/.test(text)), "the page says how much of the gate has come");
  await page.setViewportSize(desktop.viewport);
  await page.click("#start-camera");
  await page.waitForSelector("#trouble:not([hidden])");
  await page.screenshot({ path: join(shots, "desktop-without-camera.png") });
  await page.context().close();

  const sorted = pictures.toSorted((a, b) => b.similarity - a.similarity);
  const chosen = [...sorted.slice(0, filmedOfEach), ...sorted.slice(-filmedOfEach)];
  assert(chosen.at(filmedOfEach - 1).accepted && !chosen.at(-filmedOfEach).accepted, "the pictures hold some that the gate accepts and some that it rejects");
  const file = join(work, "film.y4m");
  await makeFilm(await browser.newPage(), file, chosen.map((picture) => picture.file), secondsEach);
  return file;
}

async function lookThroughTheCamera() {
  const page = await open(phone); // the fake camera is allowed, so it opens by itself
  await page.waitForFunction((count) => judged.length >= count, Number(options.frames));
  const frames = await page.evaluate(() => judged);
  assert(await page.isHidden("#camera-button"), "there is no other camera to switch to");
  await shot(page, "yes", "phone-accepted"); // the gauge moves to accepted,
  await shot(page, "no", "phone-rejected"); // and to rejected
  assert.match(await page.textContent("#nearness"), /^(Closer|Farther) than (all|\d+ of 100)$/, "the page says where the picture lies among the calibration photos");
  assert(frames.every((frame) => frame.accepted === frame.similarity >= gate.threshold), "the decision follows from the similarity");
  tell(`gate ${median(frames.map((frame) => frame.milliseconds)).toFixed(1)} ms, camera to gauge ${median(frames.map((frame) => frame.whole)).toFixed(1)} ms a frame (median of ${frames.length})`);
  await page.click("#places-button");
  await page.waitForFunction(() => explained.length >= 3);
  const evidence = await page.evaluate(() => explained);
  assert(evidence.every((places) => places.length === 16 && places.every(Number.isFinite) && places.some((place) => place !== 0)), "every place has its evidence");
  const during = (await page.evaluate(() => judged)).slice(-20);
  tell(`with evidence camera to gauge ${median(during.map((frame) => frame.whole)).toFixed(1)} ms a frame`);
  await shot(page, "yes", "phone-evidence-accepted");
  await shot(page, "no", "phone-evidence-rejected");
  await page.click("#places-button");
  await page.click("#is-button");
  await page.click("#is-not-button");
  await page.screenshot({ path: join(shots, "phone-mistakes.png") });
  const download = page.waitForEvent("download");
  await page.click("#save-button");
  const zip = readFileSync(await (await download).path());
  assert.deepEqual(namesIn(zip).map((name) => name.split("/")[0]), ["normal", "negative"], "mistakes are saved in the folders that training reads");
  await page.click("#help-button");
  await page.screenshot({ path: join(shots, "phone-help.png") });
  tell(`first verdict ${(frames[0].at / 1000).toFixed(2)} s after the page was asked for`);
  await page.context().close();
}

async function lookAtPhotos() {
  const page = await open({ ...phone, locale: "ja-JP" });
  let worst = 0;
  for (const picture of pictures) {
    const seen = await judge(page, picture.file);
    worst = Math.max(worst, Math.abs(seen.similarity - picture.similarity));
    const isClose = Math.abs(picture.similarity - gate.threshold) <= tolerance;
    assert(seen.accepted === picture.accepted || isClose, `${picture.file}: predict said ${picture.similarity}, the page ${seen.similarity}`);
  }
  tell(`${pictures.length} photos decided as by trainer predict, worst |Δ similarity| ${worst.toExponential(1)}`);
  assert(worst <= tolerance, `the worst |Δ similarity| is at most ${tolerance}`);
  await page.screenshot({ path: join(shots, "phone-photo-ja.png") });
  await page.context().close();
}

async function lookAtABlackPhoto() {
  const page = await open(phone);
  const url = await page.evaluate(() => {
    const black = Object.assign(document.createElement("canvas"), { width: 300, height: 300 });
    black.getContext("2d", { alpha: false }).fillRect(0, 0, 300, 300);
    return black.toDataURL();
  });
  const file = join(work, "black.png");
  writeFileSync(file, Buffer.from(url.split(",")[1], "base64"));
  await judge(page, file);
  assert.equal(await page.textContent("#verdict"), "Too dark to tell", "a black photo gets its own word");
  await page.screenshot({ path: join(shots, "phone-black.png") });
  await page.context().close();
}

async function lookOnADesktop() {
  const page = await open({ ...desktop, locale: "de-DE" });
  await shot(page, "yes", "desktop-accepted-de");
  await page.keyboard.down(" ");
  await shot(page, "no", "desktop-evidence-de");
  await page.keyboard.up(" ");
  for (const picture of pictures.slice(0, 5)) {
    await judge(page, picture.file);
  }
  await page.keyboard.press("y");
  await page.screenshot({ path: join(shots, "desktop-photo-de.png") });
  await page.setViewportSize({ width: 844, height: 390 });
  await page.screenshot({ path: join(shots, "landscape-photo-de.png") });
  await page.context().close();
}

async function goOffline() {
  const page = await open(phone);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  site.close();
  await page.reload();
  const seen = await judge(page, pictures[0].file);
  assert.equal(seen.accepted, pictures[0].accepted, "the page works without its server");
  await page.context().close();
}

/** Minutes of camera; neither the page's objects nor its whole process, the gate's memory included, may grow. */
async function soak(minutes) {
  if (minutes > 0) {
    const again = await serve(options.site);
    const page = await open(phone, again.url);
    await page.waitForTimeout(60_000);
    const before = await memory(page);
    await page.waitForTimeout(minutes * 60_000);
    const after = await memory(page);
    const grown = Object.keys(before).map((kind) => (after[kind] - before[kind]) / megabyte);
    tell(`after ${minutes} min of camera (${await page.evaluate(() => count)} frames) the page holds ${grown.map((more) => more.toFixed(1)).join(" MB more as objects, ")} MB more as a process`);
    assert(grown.every((more) => more < 10), "memory doesn't grow");
    again.close();
  }
}

// --- tools

function launch(film) {
  const camera = film ? ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${film}`] : [];
  return chromium.launch({ executablePath: options.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage", "--enable-precise-memory-info", "--js-flags=--expose-gc", ...camera] });
}

async function open(device, url = site.url) {
  const context = await browser.newContext(device);
  context.setDefaultTimeout(60_000); // machines that test have much else to do
  const page = await context.newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => new URL(request.url()).origin !== new URL(url).origin && !/^(blob|data):/.test(request.url()) && complaints.push(`asks for ${request.url()}`));
  await page.addInitScript(() => {
    globalThis.loading = [];
    new MutationObserver(() => loading.push(document.getElementById("speed")?.textContent)).observe(document, { subtree: true, childList: true });
    globalThis.explained = [];
    document.addEventListener("explained", ({ detail }) => explained.push(detail));
    globalThis.judged = [];
    globalThis.count = 0;
    document.addEventListener("judged", ({ detail }) => ++count <= 1000 && judged.push({ ...detail, at: performance.now() }));
  });
  await page.goto(url);
  return page;
}

/** What the page makes of a photo. */
async function judge(page, file) {
  await page.setInputFiles("#file", file);
  const entry = page.locator(`#strip li:first-child button[data-name="${basename(file)}"]`);
  await entry.waitFor();
  const { similarity, verdict } = await entry.evaluate((button) => ({ ...button.dataset }));
  return { similarity: Number(similarity), accepted: verdict === "yes" };
}

async function shot(page, verdict, name) {
  await page.waitForSelector(`body[data-verdict="${verdict}"]`);
  await page.waitForTimeout(250); // transitions
  await page.waitForSelector(`body[data-verdict="${verdict}"]`);
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** The least of a minute: what is held for good. */
async function memory(page) {
  const session = await browser.newBrowserCDPSession();
  const least = { objects: Infinity, process: Infinity };
  for (let i = 0; i < 12; i++) {
    await page.waitForTimeout(5_000);
    least.objects = Math.min(least.objects, await page.evaluate(() => (gc(), performance.memory.usedJSHeapSize)));
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const resident = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => readFileSync(`/proc/${id}/status`, "utf8").match(/VmRSS:\s+(\d+) kB/)[1] * 1024);
    least.process = Math.min(least.process, resident.reduce((sum, bytes) => sum + bytes, 0));
  }
  await session.detach();
  return least;
}

/** The names in a .zip's directory. */
function namesIn(zip) {
  const names = [];
  for (let at = zip.readUInt32LE(zip.length - 6); zip.readUInt32LE(at) === 0x02014b50; ) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString("utf8", at + 46, at + 46 + length));
    at += 46 + length;
  }
  return names;
}

function weigh() {
  const files = readdirSync(options.site, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const bytes = files.map((file) => brotliCompressSync(readFileSync(join(file.parentPath, file.name)), { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length);
  tell(`the page with its ${gate.precision} model is ${(bytes.reduce((sum, size) => sum + size) / megabyte).toFixed(2)} MB, compressed by brotli`);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function tell(text) {
  console.log(text);
}
