// Gathers the page in dist/: its sources as they are, and of ONNX Runtime Web the two files of the WebAssembly build.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const runtime = ["ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"];

rmSync(at("dist"), { recursive: true, force: true });
cpSync(at("src"), at("dist"), { recursive: true });
mkdirSync(at("dist/ort"));
for (const file of runtime) {
  cpSync(at(`node_modules/onnxruntime-web/dist/${file}`), at(`dist/ort/${file}`));
}
