// A picture with one place after the other blurred; trainer's Occlusion.cs does the same.

/** Places of a picture: four rows of four. */
export const places = 16;

const inARow = 4;
const blurShare = 16; // of the picture's edge
const blurPasses = 2;

/** The mean of the square around each pixel, twice. */
export function blur(rgb, edge) {
  const radius = Math.max(Math.floor(edge / blurShare), 1);
  let current = rgb;
  for (let pass = 0; pass < blurPasses; pass++) {
    current = along(along(current, edge, radius, 3, edge * 3), edge, radius, edge * 3, 3);
  }
  return current;
}

/** Copies of a square, one after the other, in each of which one place is blurred. */
export function views(rgb, blurred, edge, first, count) {
  const all = new Uint8Array(count * rgb.length);
  for (let i = 0; i < count; i++) {
    const view = all.subarray(i * rgb.length, (i + 1) * rgb.length);
    view.set(rgb);
    const border = (k) => Math.floor((k * edge) / inARow);
    const [row, column] = [Math.floor((first + i) / inARow), (first + i) % inARow];
    for (let y = border(row); y < border(row + 1); y++) {
      const start = (y * edge + border(column)) * 3;
      view.set(blurred.subarray(start, (y * edge + border(column + 1)) * 3), start);
    }
  }
  return all;
}

function along(rgb, edge, radius, step, line) {
  const result = new Uint8Array(rgb.length);
  for (let i = 0; i < edge; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const start = i * line + channel;
      let sum = 0, count = 0;
      for (let at = -radius; at < edge; at++) {
        if (at + radius < edge) {
          sum += rgb[start + (at + radius) * step];
          count++;
        }
        if (at - radius - 1 >= 0) {
          sum -= rgb[start + (at - radius - 1) * step];
          count--;
        }
        if (at >= 0) {
          result[start + at * step] = Math.floor((sum + (count >> 1)) / count);
        }
      }
    }
  }
  return result;
}
