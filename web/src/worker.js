// Runs the gate, off the page's own thread.
import * as ort from "./ort/ort.wasm.bundle.min.mjs";
import { doubtOf } from "./doubt.js";
import { blur, places, views } from "./occlusion.js";

ort.env.wasm.numThreads = 1; // more need headers that plain web hosts don't send
ort.env.logLevel = "error";

const viewsAtOnce = 2; // frames of the camera are judged in between

const session = load();
let last = session; // what was asked for last: one after the other
session.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error.message ?? error) }));

onmessage = ({ data }) => (data.explains ? explain(data) : judge(data));

async function judge({ id, edge, rgb }) {
  const doubt = doubtOf(rgb);
  const { similarity, accepted, closer_than: closerThan, milliseconds } = await inTurn(edge, rgb, 1);
  postMessage({ id, similarity: similarity.data[0], accepted: Boolean(accepted.data[0]), closerThan: closerThan?.data[0], doubt, milliseconds });
}

/** How far the similarity falls when a place is blurred, place by place. */
async function explain({ id, edge, rgb }) {
  const whole = (await inTurn(edge, rgb, 1)).similarity.data[0];
  const blurred = blur(rgb, edge);
  const evidence = [];
  while (evidence.length < places) {
    const { similarity } = await inTurn(edge, views(rgb, blurred, edge, evidence.length, viewsAtOnce), viewsAtOnce);
    evidence.push(...Array.from(similarity.data, (without) => whole - without));
  }
  postMessage({ id, evidence, similarity: whole });
}

function inTurn(edge, rgb, count) {
  const turn = last.then(async () => {
    const start = performance.now();
    return { ...(await run(await session, edge, rgb, count)), milliseconds: performance.now() - start };
  });
  last = turn.then(() => new Promise((next) => setTimeout(next)), () => {}); // lets in what was asked meanwhile
  return turn;
}

async function load() {
  const [runtime, model] = await fetchAll(["ort/ort-wasm-simd-threaded.wasm", "gate.onnx"]);
  ort.env.wasm.wasmBinary = runtime;
  const gate = await ort.InferenceSession.create(new Uint8Array(model), { executionProviders: ["wasm"] });
  await run(gate, 128, new Uint8Array(128 * 128 * 3), 1); // the first run is slow: better now than in front of the camera
  return gate;
}

/** What is in some files; tells the page which share of them has come, or 0 where the server doesn't say how long they are. */
async function fetchAll(files) {
  const responses = await Promise.all(files.map((file) => fetch(file)));
  const failed = responses.find((response) => !response.ok);
  if (failed) {
    throw new Error(`${failed.url}: ${failed.status}`);
  }
  const lengths = responses.map(({ headers }) => (headers.has("content-encoding") ? Infinity : Number(headers.get("content-length") ?? Infinity)));
  const expected = lengths.reduce((sum, length) => sum + length);
  let come = 0;
  const counted = () => new TransformStream({
    transform(part, stream) {
      come += part.length;
      postMessage({ loaded: come / expected });
      stream.enqueue(part);
    },
  });
  return Promise.all(responses.map((response) => new Response(response.body.pipeThrough(counted())).arrayBuffer()));
}

function run(gate, edge, rgb, count) {
  return gate.run({ image: new ort.Tensor("uint8", rgb, [count, edge, edge, 3]) }, gate.outputNames.filter((name) => name !== "embedding"));
}
