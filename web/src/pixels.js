// Pictures to bytes. Nothing is ever scaled by the canvas: its filter isn't the one that the gate was trained with.

/** Trainer reduces large files while it decodes them, by whole factors and never below this shorter side. */
const shorterSide = 256;
const rowsAtOnce = 256;

const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false, colorSpace: "srgb" });

/** The centre square of a video, pixel for pixel. */
export function ofVideo(video) {
  const edge = Math.min(video.videoWidth, video.videoHeight);
  const left = Math.floor((video.videoWidth - edge) / 2);
  const top = Math.floor((video.videoHeight - edge) / 2);
  return { edge, rgba: read(video, left, top, edge, edge).data };
}

/** The centre square of a photo; of large ones whole blocks of pixels are averaged, as trainer does. */
export function ofPhoto(bitmap) {
  const spare = Math.floor(Math.min(bitmap.width, bitmap.height) / shorterSide);
  const block = spare >= 8 ? 8 : spare >= 4 ? 4 : spare >= 2 ? 2 : 1;
  const edge = Math.floor(Math.min(bitmap.width, bitmap.height) / block);
  const left = Math.floor((bitmap.width - edge * block) / 2);
  const top = Math.floor((bitmap.height - edge * block) / 2);
  const rgba = new Uint8ClampedArray(edge * edge * 4);
  const rows = Math.max(1, Math.floor(rowsAtOnce / block)); // a phone's photo in one canvas would be more than some phones give
  for (let y = 0; y < edge; y += rows) {
    const count = Math.min(rows, edge - y);
    const strip = read(bitmap, left, top + y * block, edge * block, count * block);
    average(strip, block, rgba.subarray(y * edge * 4, (y + count) * edge * 4));
  }
  return { edge, rgba };
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

function average({ data, width }, block, result) {
  const edge = width / block;
  const pixels = block * block;
  for (let i = 0; i < result.length; i++) {
    const channel = i & 3;
    const x = (i >> 2) % edge;
    const y = Math.floor((i >> 2) / edge);
    let sum = 0;
    for (let row = 0; row < block; row++) {
      let at = ((y * block + row) * width + x * block) * 4 + channel;
      for (let column = 0; column < block; column++, at += 4) {
        sum += data[at];
      }
    }
    result[i] = sum / pixels; // clamped arrays round to the nearest
  }
}
