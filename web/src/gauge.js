// The round gauge and the verdict below it.
import { say } from "./words.js";

const gauge = document.getElementById("gauge");
const verdict = document.getElementById("verdict");
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
    gauge.setAttribute("aria-valuetext", say("gaugeValue", { value: figure(judgement.similarity) }));
  } else {
    gauge.removeAttribute("aria-valuenow");
    gauge.removeAttribute("aria-valuetext");
  }
  pronounce(judgement);
}

/** Only when it changes: screen readers speak it. */
function pronounce(judgement) {
  const text = judgement ? say(judgement.accepted ? "yes" : "no") : "";
  if (verdict.textContent !== text) {
    verdict.innerHTML = judgement ? `<svg aria-hidden="true"><use href="#${judgement.accepted ? "yes" : "no"}"/></svg><span></span>` : "";
    verdict.lastChild?.append(text);
  }
}
