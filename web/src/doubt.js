// Tells pictures in which nobody could see anything, by the same rule as trainer predict (src/Trainer.Core/Imaging/PictureDoubt.cs).

const levels = 256;
const dark = 32; // out of 255
const bright = 224;
const plain = 16; // between the darkest and the brightest
const left = 100; // one pixel in so many may be otherwise, on either side

/** What hinders anyone from telling what a square shows: a key of the page's texts, or null. */
export function doubtOf(rgb) {
  const counts = new Uint32Array(levels);
  for (let i = 0; i < rgb.length; i += 3) {
    counts[Math.floor((299 * rgb[i] + 587 * rgb[i + 1] + 114 * rgb[i + 2]) / 1000)]++;
  }
  const spare = Math.floor(rgb.length / 3 / left);
  const edge = (from, step) => {
    for (let level = from, more = spare; ; level += step) {
      more -= counts[level];
      if (more < 0) {
        return level;
      }
    }
  };
  const [darkest, brightest] = [edge(0, 1), edge(levels - 1, -1)];
  return brightest <= dark ? "tooDark" : darkest >= bright ? "tooBright" : brightest - darkest <= plain ? "plain" : null;
}
