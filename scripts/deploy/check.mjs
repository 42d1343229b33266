// Judges pictures by the snippet of docs/deploy.md in Node's native runtime and in WebAssembly; with --compare, holds all results together.
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web";
import fs from "node:fs";
import path from "node:path";
import jpeg from "jpeg-js";
import { Gate } from "./gate.mjs";

const [model, ...pictures] = process.argv.slice(2);
if (model === "--compare") {
  const lines = (file, separator) => fs.readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(separator));
  const node = lines("node.tsv", "\t"), csharp = lines("csharp.tsv", "\t"), predict = lines("predict.csv", ",").slice(1);
  let worst = 0;
  node.forEach(([name, similarity, accepted], i) => {
    if (csharp[i][1] !== name || predict[i][2] !== accepted || csharp[i][3] !== accepted) throw new Error(`${name} is decided differently: ${[accepted, csharp[i], predict[i]].join("; ")}`);
    worst = Math.max(worst, Math.abs(similarity - csharp[i][2]), Math.abs(similarity - predict[i][1]));
  });
  // Two JPEG decoders lie between predict and the snippets.
  if (!(worst < 0.02)) throw new Error(`the similarities differ by ${worst}`);
  console.log(`${node.length} pictures: Node, WebAssembly, C# and trainer predict agree; the worst |Δ similarity| is ${worst.toExponential(1)}`);
} else {
  web.env.wasm.numThreads = 1;
  const gates = [await Gate.open(native, model), await Gate.open(web, fs.readFileSync(model), { executionProviders: ["wasm"] })];
  let report = "";
  for (const [i, picture] of pictures.entries()) {
    const { width, height, data } = jpeg.decode(fs.readFileSync(picture), { useTArray: true });
    const rgb = data.filter((_, at) => at % 4 !== 3);
    fs.writeFileSync(`${String(i).padStart(4, "0")}.rgb`, Buffer.concat([Buffer.from(Uint32Array.of(width, height).buffer), rgb]));
    const [one, other] = [await gates[0].judge(data, width, height), await gates[1].judge(data, width, height)];
    if (one.accepted !== other.accepted || !(Math.abs(one.similarity - other.similarity) < 1e-3)) throw new Error(`${picture}: ${JSON.stringify([one, other])}`);
    report += `${path.basename(picture)}\t${one.similarity}\t${one.accepted}\n`;
  }
  fs.writeFileSync("node.tsv", report);
  fs.writeFileSync("names.txt", pictures.map((picture) => path.basename(picture)).join("\n"));
}
