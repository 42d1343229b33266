// A .zip of files that are compressed already: stored as they are.

const crcs = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

const utf8Names = 0x0800;
const stored = 0;
const version = 20;
const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;

/** @param files [{path, blob, time: Date}]; paths with slashes, below 4 GB in all. */
export async function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { path, blob, time } of files) {
    const name = new TextEncoder().encode(path);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const about = [2, version, 2, utf8Names, 2, stored, 2, dosTime(time), 2, dosDate(time), 4, crcOf(bytes), 4, bytes.length, 4, bytes.length, 2, name.length, 2, 0];
    const header = numbers(4, localHeader, ...about);
    directory.push(numbers(4, centralHeader, 2, version, ...about, 2, 0, 2, 0, 2, 0, 4, 0, 4, offset), name);
    parts.push(header, name, bytes);
    offset += header.length + name.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = numbers(4, endOfDirectory, 2, 0, 2, 0, 2, files.length, 2, files.length, 4, size, 4, offset, 2, 0);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

/** Little-endian numbers, each after its width in bytes. */
function numbers(...widthsAndValues) {
  const bytes = [];
  for (let i = 0; i < widthsAndValues.length; i += 2) {
    for (let byte = 0; byte < widthsAndValues[i]; byte++) {
      bytes.push((widthsAndValues[i + 1] >>> (8 * byte)) & 255);
    }
  }
  return Uint8Array.from(bytes);
}

const crcOf = (bytes) => ~bytes.reduce((crc, byte) => (crc >>> 8) ^ crcs[(crc ^ byte) & 255], -1) >>> 0;
const dosTime = (time) => (time.getHours() << 11) | (time.getMinutes() << 5) | (time.getSeconds() >> 1);
const dosDate = (time) => ((time.getFullYear() - 1980) << 9) | ((time.getMonth() + 1) << 5) | time.getDate();
