// A film for Chromium's fake camera: pictures, each for a moment, over and over.
import { createWriteStream, readFileSync } from "node:fs";
import { once } from "node:events";

export const width = 640, height = 480, framesPerSecond = 30;

/** @param page A page of the browser, which decodes the pictures. */
export async function makeFilm(page, file, pictures, secondsEach) {
  const out = createWriteStream(file);
  out.write(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
  for (const picture of pictures) {
    const yuv = Buffer.from(await page.evaluate(frame, { url: `data:image/jpeg;base64,${readFileSync(picture, "base64")}`, width, height }), "base64");
    for (let i = 0; i < secondsEach * framesPerSecond; i++) {
      out.write("FRAME\n");
      out.write(yuv);
    }
  }
  out.end();
  await once(out, "finish");
}

/** Runs in the page: the picture's centre square over the height of the frame, in YUV. */
async function frame({ url, width, height }) {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const side = Math.min(bitmap.width, bitmap.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, (width - height) / 2, 0, height, height);
  const { data } = context.getImageData(0, 0, width, height);
  const yuv = new Uint8ClampedArray(width * height * 1.5);
  const plane = (width * height) / 4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b] = data.subarray((y * width + x) * 4);
      yuv[y * width + x] = 16 + 0.2568 * r + 0.5041 * g + 0.0979 * b; // BT.601, as Chromium reads it
      if (x % 2 === 0 && y % 2 === 0) {
        const at = width * height + (y / 2) * (width / 2) + x / 2;
        yuv[at] = 128 - 0.1482 * r - 0.291 * g + 0.4392 * b;
        yuv[at + plane] = 128 + 0.4392 * r - 0.3678 * g - 0.0714 * b;
      }
    }
  }
  let text = "";
  for (let i = 0; i < yuv.length; i += 0x8000) {
    text += String.fromCharCode(...yuv.subarray(i, i + 0x8000));
  }
  return btoa(text);
}
