// Judges pictures with a .tflite file in LiteRT's WebAssembly, and compares the results with predict.csv.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { createRequire } from "node:module";
import jpeg from "jpeg-js";

// The package is made for browsers; these stand in for the browser objects that it needs.
const wasm = path.resolve("node_modules/@litertjs/core/wasm");
Object.assign(globalThis, {
  self: globalThis,
  require: createRequire(import.meta.url),
  __dirname: wasm,
  Module: { locateFile: (file) => path.join(wasm, file) },
  importScripts: (file) => { vm.runInThisContext(fs.readFileSync(file, "utf8"), file); globalThis.ModuleFactory = ModuleFactory; },
});
console.error = console.warn = () => {}; // silences LiteRT's own log
const { loadLiteRt, loadAndCompile, Tensor } = await import("@litertjs/core");
await loadLiteRt(path.join(wasm, "litert_wasm_compat_internal.js"));

/** Weights of a triangle filter that is as wide as an output pixel: [place, weight] lists, which add up to 1. */
function filter(length, edge) {
  const scale = length / edge, support = Math.max(scale, 1);
  return Array.from({ length: edge }, (_, at) => {
    const centre = (at + 0.5) * scale, taps = [];
    for (let x = Math.max(0, Math.floor(centre - support)); x < Math.min(length, Math.ceil(centre + support)); x++) {
      taps.push([x, Math.max(0, 1 - Math.abs(x + 0.5 - centre) / support)]);
    }
    const sum = taps.reduce((total, [, weight]) => total + weight, 0);
    return taps.map(([x, weight]) => [x, weight / sum]);
  });
}

/** The centre square of RGBA pixels, antialiased to edge x edge, RGB. */
function square(rgba, width, height, edge) {
  const side = Math.min(width, height), left = (width - side) >> 1, top = (height - side) >> 1, taps = filter(side, edge);
  const rows = new Float32Array(side * edge * 3), rgb = new Uint8Array(edge * edge * 3);
  for (let y = 0; y < side; y++) for (let x = 0; x < edge; x++) for (let c = 0; c < 3; c++) {
    rows[(y * edge + x) * 3 + c] = taps[x].reduce((sum, [from, weight]) => sum + weight * rgba[((top + y) * width + left + from) * 4 + c], 0);
  }
  for (let y = 0; y < edge; y++) for (let i = 0; i < edge * 3; i++) {
    rgb[y * edge * 3 + i] = Math.round(taps[y].reduce((sum, [from, weight]) => sum + weight * rows[from * edge * 3 + i], 0));
  }
  return rgb;
}

const [file, ...pictures] = process.argv.slice(2);
const predicted = fs.readFileSync("predict.csv", "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
const model = await loadAndCompile(new Uint8Array(fs.readFileSync(file)), { accelerator: "wasm" });
const edge = model.getInputDetails()[0].shape[1];
let worst = 0, changed = 0;
const times = [];
for (const [i, picture] of pictures.entries()) {
  const { width, height, data } = jpeg.decode(fs.readFileSync(picture), { useTArray: true, maxMemoryUsageInMB: 2048 });
  const image = new Tensor(square(data, width, height, edge), [1, edge, edge, 3]);
  const start = performance.now();
  const outputs = await model.run({ image });
  times.push(performance.now() - start);
  const similarity = outputs.similarity.toTypedArray()[0], accepted = outputs.accepted.toTypedArray()[0] === 1;
  changed += String(accepted) !== predicted[i][2];
  worst = Math.max(worst, Math.abs(similarity - predicted[i][1]));
}
// The two sides use different JPEG decoders, and the int8 file of a closed-form gate also has its own head.
if (!(worst < 0.1) || changed > Math.max(1, pictures.length / 100)) throw new Error(`${path.basename(file)}: ${changed} of ${pictures.length} pictures are decided differently, the worst |Δ similarity| is ${worst}`);
console.log(`${path.basename(file)}: ${pictures.length} pictures in LiteRT, ${changed} decided otherwise than by trainer predict; worst |Δ similarity| ${worst.toExponential(1)}; ${Math.min(...times).toFixed(1)} ms at best`);
