// The evidence map: which places of the square look like the subject, and which don't.

const map = document.getElementById("places-map");
const leastShown = 0.15;
let baseline = [];

/** @param usual What each place holds of a photo of the subject that just reaches the threshold. */
export function setBaseline(usual) {
  const least = usual.reduce((sum, share) => sum + share, 0) / usual.length / 4; // a border may hold next to nothing
  baseline = usual.map((share) => Math.max(share, least, 1e-3));
  map.replaceChildren(...usual.map(() => document.createElement("i")));
}

/** A place that holds what it does in the subject's photos is all for it, one that holds nothing all against; half is neither. */
export function show(evidence) {
  evidence.forEach((share, i) => {
    const lean = Math.min(Math.max((2 * share) / baseline[i] - 1, -1), 1);
    const place = map.children[i];
    place.className = lean >= 0 ? "for" : "against";
    place.style.setProperty("--strength", Math.abs(lean).toFixed(2));
    place.textContent = Math.abs(lean) < leastShown ? "" : lean > 0 ? "+" : "−";
  });
}
