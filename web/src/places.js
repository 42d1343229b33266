// The evidence map: which places of the square speak for the subject, and which against.

const map = document.getElementById("places-map");
const leastShown = 0.25; // of the strongest place
const leastFull = 0.01; // a place that moves the similarity by less never gets the full colour

map.replaceChildren(...Array.from({ length: 16 }, () => document.createElement("i")));

/** @param evidence How far the similarity falls when a place is blurred, place by place; null while it isn't known. */
export function show(evidence) {
  const full = Math.max(leastFull, ...(evidence ?? []).map(Math.abs));
  [...map.children].forEach((place, i) => {
    const lean = evidence ? evidence[i] / full : 0;
    place.className = lean >= 0 ? "for" : "against";
    place.style.setProperty("--strength", Math.abs(lean).toFixed(2));
    place.textContent = Math.abs(lean) < leastShown ? "" : lean > 0 ? "+" : "−";
  });
}
