// Judges pictures with the snippet of docs/deploy.md in Node's native runtime and in WebAssembly; with --compare, compares all results.
// All get the pixels of one decoder, as .rgb and .ppm files; the differences of another decoder are only printed.
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web";
import fs from "node:fs";
import path from "node:path";
import jpeg from "jpeg-js";
import { Gate } from "./gate.mjs";

const compares = process.argv[2] === "--compare";
const [model, ...pictures] = process.argv.slice(compares ? 3 : 2);
const tolerance = model.endsWith(".int8.onnx") ? 2e-2 : 1e-3; // int8 kernels round differently

if (compares) {
  const judged = (file, [similarity, accepted]) => fs.readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(/[\t,]/))
    .filter((fields) => fields[accepted] === "true" || fields[accepted] === "false")
    .map((fields) => ({ similarity: Number(fields[similarity]), accepted: fields[accepted] }));
  const node = judged("node.tsv", [1, 2]);
  for (const [name, results] of [["WebAssembly", judged("web.tsv", [1, 2])], ["C#", judged("csharp.tsv", [2, 3])], ["trainer predict", judged("predict.csv", [1, 2])]]) {
    const { worst, changed } = tell(`${name} against Node`, node, results);
    if (!(worst < tolerance) || changed > Math.max(node.length / 100, 1)) throw new Error(`${name} decides otherwise than Node`);
  }
  tell("trainer's decoder instead of jpeg-js", node, judged("decoded.csv", [1, 2]));
} else {
  web.env.wasm.numThreads = 1;
  const gates = { node: await Gate.open(native, model), web: await Gate.open(web, fs.readFileSync(model), { executionProviders: ["wasm"] }) };
  const lines = { node: "", web: "" };
  for (const [i, picture] of pictures.entries()) {
    const { width, height, data } = jpeg.decode(fs.readFileSync(picture), { useTArray: true });
    const rgb = data.filter((_, at) => at % 4 !== 3);
    const name = String(i).padStart(4, "0");
    fs.writeFileSync(`${name}.rgb`, Buffer.concat([Buffer.from(Uint32Array.of(width, height).buffer), rgb]));
    fs.writeFileSync(`${name}.ppm`, Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), rgb]));
    for (const [runtime, gate] of Object.entries(gates)) {
      const { similarity, accepted } = await gate.judge(data, width, height);
      lines[runtime] += `${path.basename(picture)}\t${similarity}\t${accepted}\n`;
    }
  }
  Object.entries(lines).forEach(([runtime, text]) => fs.writeFileSync(`${runtime}.tsv`, text));
  fs.writeFileSync("names.txt", pictures.map((picture) => path.basename(picture)).join("\n"));
}

function tell(what, some, others) {
  if (some.length !== others.length) throw new Error(`${what}: ${others.length} results for ${some.length} pictures`);
  const off = some.map(({ similarity }, i) => Math.abs(similarity - others[i].similarity));
  const worst = Math.max(...off), changed = some.filter(({ accepted }, i) => accepted !== others[i].accepted).length;
  console.log(`${what}: |Δ similarity| at worst ${worst.toExponential(1)}, on average ${(off.reduce((sum, x) => sum + x) / off.length).toExponential(1)}; ${changed} of ${some.length} decided differently`);
  return { worst, changed };
}
