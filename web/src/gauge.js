// The round gauge and the verdict below it.
import { say } from "./words.js";

const gauge = document.getElementById("gauge");
const verdict = document.getElementById("verdict");
const nearness = document.getElementById("nearness");
const part = (name) => gauge.querySelector(`.${name}`);
const [value, number, tick, least] = [part("value"), part("number"), part("tick"), part("least")];

export const figure = (similarity) => similarity.toFixed(3).replace("-", "−");

/** Puts the tick where pictures are accepted. */
export function setThreshold(threshold) {
  tick.setAttribute("transform", `rotate(${360 * threshold} 60 60)`);
  least.textContent = `≥ ${figure(threshold)}`;
}

/** Shows a judgement; null shows that there is none. */
export function show(judgement) {
  const share = judgement ? Math.min(Math.max(judgement.similarity, 0), 1) : 0;
  value.style.strokeDasharray = `${share} 1`;
  number.textContent = judgement ? figure(judgement.similarity) : "–";
  document.body.dataset.verdict = !judgement ? "" : judgement.accepted ? "yes" : "no";
  if (judgement) {
    gauge.setAttribute("aria-valuenow", judgement.similarity);
    gauge.setAttribute("aria-valuetext", `${say("gaugeValue", { value: figure(judgement.similarity) })}. ${near(judgement)}`);
  } else {
    gauge.removeAttribute("aria-valuenow");
    gauge.removeAttribute("aria-valuetext");
  }
  nearness.textContent = judgement ? near(judgement) : "";
  pronounce(judgement);
}

/** The verdict on a judgement, in words: doubts come first. */
export const wordOf = ({ accepted, doubt }) => say(doubt ?? (accepted ? "yes" : "no"));

/** Where a picture lies among the photos that set the threshold: what tells a person more than a cosine. */
function near({ closerThan }) {
  return closerThan === undefined ? ""
    : closerThan === 0 ? say("farther")
    : closerThan === 1 ? say("closest")
    : say("closer", { count: Math.min(Math.max(Math.round(100 * closerThan), 1), 99) });
}

/** Only when it changes: screen readers speak it. */
function pronounce(judgement) {
  const text = judgement ? wordOf(judgement) : "";
  if (verdict.textContent !== text) {
    verdict.innerHTML = judgement ? `<svg aria-hidden="true"><use href="#${judgement.accepted ? "yes" : "no"}"/></svg><span></span>` : "";
    verdict.lastChild?.append(text);
  }
}
