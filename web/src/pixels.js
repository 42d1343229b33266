// Pictures to bytes. Nothing is ever scaled by the canvas: its filter isn't the one that the gate was trained with.

const pixelsAtOnce = 4e6; // some phones give no larger canvas

const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false, colorSpace: "srgb" });

/**
 * The centre square of a picture, {edge, rgb}; of large ones whole blocks of pixels are averaged, as trainer does: it reduces large files
 * while it decodes them, by whole factors and never below a shorter side of twice the network's input.
 * @param size Edge of the network's input.
 */
export function square(source, width, height, size) {
  const spare = Math.floor(Math.min(width, height) / (2 * size));
  const shift = spare >= 8 ? 3 : spare >= 4 ? 2 : spare >= 2 ? 1 : 0;
  const edge = Math.min(width, height) >> shift;
  const side = edge << shift;
  const left = (width - side) >> 1;
  const top = (height - side) >> 1;
  const rgb = new Uint8Array(edge * edge * 3);
  const rows = Math.max(1, Math.floor(pixelsAtOnce / side) >> shift);
  for (let y = 0; y < edge; y += rows) {
    const count = Math.min(rows, edge - y);
    average(read(source, left, top + (y << shift), side, count << shift).data, edge, shift, rgb.subarray(y * edge * 3, (y + count) * edge * 3));
  }
  return { edge, rgb };
}

/** A small picture of the same square, for people. */
export function thumbnail(source, width, height, edge = 144) {
  const small = document.createElement("canvas");
  small.width = small.height = edge;
  const side = Math.min(width, height);
  small.getContext("2d").drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, edge, edge);
  return small;
}

/** The whole picture as the camera gave it, for training. */
export function toJpeg(video) {
  const whole = document.createElement("canvas");
  whole.width = video.videoWidth;
  whole.height = video.videoHeight;
  whole.getContext("2d").drawImage(video, 0, 0);
  return new Promise((done) => whole.toBlob(done, "image/jpeg", 0.95));
}

function read(source, left, top, width, height) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.fillStyle = "#fff"; // transparent pixels lie over white
  context.fillRect(0, 0, width, height);
  context.drawImage(source, left, top, width, height, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Blocks of pixels to one each; a half is rounded up. */
function average(rgba, edge, shift, rgb) {
  const block = 1 << shift;
  const next = (edge << shift) * 4;
  const half = (block * block) >> 1;
  for (let to = 0, y = 0; to < rgb.length; y++) {
    for (let x = 0; x < edge; x++, to += 3) {
      let r = half, g = half, b = half;
      for (let row = 0, start = (y * next + x * 4) << shift; row < block; row++, start += next) {
        for (let at = start; at < start + block * 4; at += 4) {
          r += rgba[at];
          g += rgba[at + 1];
          b += rgba[at + 2];
        }
      }
      rgb[to] = r >> (2 * shift);
      rgb[to + 1] = g >> (2 * shift);
      rgb[to + 2] = b >> (2 * shift);
    }
  }
}
