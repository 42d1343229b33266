// Pictures that the gate got wrong, in the folders that training reads again.
import { zip } from "./zip.js";

const noted = [];

export const count = () => noted.length;

/** @param isSubject What the picture really is. */
export function note(blob, isSubject, similarity) {
  const time = new Date();
  const stamp = time.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const kind = { "image/png": "png", "image/webp": "webp" }[blob.type] ?? "jpg";
  const path = `${isSubject ? "normal" : "negative"}/${stamp}-${noted.length + 1}-${similarity.toFixed(3)}.${kind}`;
  noted.push({ path, blob, time });
}

/** Hands all of them to the person, as a file. */
export async function save(name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await zip(noted));
  link.download = `${name}-mistakes-${new Date().toISOString().slice(0, 10)}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  noted.length = 0;
}
