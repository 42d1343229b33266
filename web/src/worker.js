// Runs the gate, off the page's own thread.
import * as ort from "./ort/ort.wasm.bundle.min.mjs";

ort.env.wasm.numThreads = 1; // more need headers that plain web hosts don't send
ort.env.wasm.wasmPaths = { wasm: new URL("ort/ort-wasm-simd-threaded.wasm", import.meta.url).href };
ort.env.logLevel = "error";

const session = load();
session.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error.message ?? error) }));

onmessage = async ({ data: { id, edge, rgb } }) => {
  const start = performance.now();
  const { similarity, accepted, evidence } = await judge(await session, edge, rgb);
  postMessage({
    id,
    similarity: similarity.data[0],
    accepted: Boolean(accepted.data[0]),
    evidence: evidence ? Array.from(evidence.data) : null,
    milliseconds: performance.now() - start,
  });
};

async function load() {
  const response = await fetch("gate.onnx");
  if (!response.ok) {
    throw new Error(`gate.onnx: ${response.status}`);
  }
  const gate = await ort.InferenceSession.create(new Uint8Array(await response.arrayBuffer()), { executionProviders: ["wasm"] });
  await judge(gate, 128, new Uint8Array(128 * 128 * 3)); // the first run is slow: better now than in front of the camera
  return gate;
}

function judge(gate, edge, rgb) {
  return gate.run({ image: new ort.Tensor("uint8", rgb, [1, edge, edge, 3]) });
}
