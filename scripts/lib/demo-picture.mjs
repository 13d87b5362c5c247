// A small JPEG of what a sidecar says: a field with the faces and boxes where the detector found them, and an
// EXIF block as a camera writes it. The same document gives the same bytes on every machine.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import encode, { init } from '@jsquash/jpeg/encode.js';

const [WIDTH, HEIGHT] = [160, 120];
/** The documents count in the pixels of a photo of 4000 x 3000. */
const SCALE = WIDTH / 4000;
const HORIZON = HEIGHT / 3;
const ENCODING = { quality: 75, baseline: true, progressive: false };
const [SKY, GRASS, LINE] = ['9db8d2', '4f7f3f', 'e8ead8'];
const [SKIN, EYE] = ['d9a679', '2b211b'];
const COLORS = {
  person: 'b03a2e',
  'sports ball': 'f2f2f2',
  bench: '7a5230',
  goal: 'dddddd',
  référee: '1c1c1c',
};
const OTHER = 'e0b020';

const CODEC = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
await init(await WebAssembly.compile(readFileSync(CODEC)));

/** @param takenAt Date: the time in EXIF */
export async function drawPicture(document, takenAt) {
  const picture = new Picture();
  picture.fill(SKY, [0, 0, WIDTH, HEIGHT]);
  picture.fill(GRASS, [0, HORIZON, WIDTH, HEIGHT - HORIZON]);
  picture.fill(LINE, [WIDTH / 2 - 1, HORIZON, 2, HEIGHT - HORIZON]);
  for (const { box, color, isFace } of shapesIn(document)) {
    const [left, top, width, height] = box.map((value) => value * SCALE);
    picture.fill(color, [left, top, width, height], isFace);
    if (isFace)
      for (const eye of [0.25, 0.65])
        picture.fill(EYE, [left + width * eye, top + height * 0.35, width / 8, height / 8], true);
  }
  const bytes = await encode({ data: picture.data, width: WIDTH, height: HEIGHT }, ENCODING);
  const data = Buffer.from(bytes);
  return Buffer.concat([data.subarray(0, 2), exif(takenAt), data.subarray(2)]);
}

class Picture {
  data = Buffer.alloc(WIDTH * HEIGHT * 4, 255);

  /** Fills a box, or the ellipse in it; what lies outside the picture is left out. */
  fill(color, [left, top, width, height], isRound = false) {
    const pixel = Buffer.from(`${color}ff`, 'hex').readUInt32BE();
    const clipped = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    for (let y = clipped(top, HEIGHT); y < clipped(top + height, HEIGHT); y++) {
      const up = (2 * (y + 0.5 - top)) / height - 1;
      const half = isRound ? (Math.sqrt(Math.max(0, 1 - up * up)) * width) / 2 : width / 2;
      const middle = left + width / 2;
      for (let x = clipped(middle - half, WIDTH); x < clipped(middle + half, WIDTH); x++)
        this.data.writeUInt32BE(pixel, 4 * (y * WIDTH + x));
    }
  }
}

/** What has a box, wherever it stands in a document. */
function* shapesIn(value) {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value.bbox)) yield { box: value.bbox, color: SKIN, isFace: true };
  else if (Array.isArray(value.box))
    yield { box: value.box, color: COLORS[value.label] ?? OTHER, isFace: false };
  else for (const part of Object.values(value)) yield* shapesIn(part);
}

const [ASCII, SHORT, LONG] = [2, 3, 4];

/** An APP1 segment: TIFF, little-endian, with IFD0 and the Exif IFD behind it (CIPA DC-008). */
function exif(takenAt) {
  const time = takenAt.toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ');
  const first = [
    [0x010f, ASCII, 'Tandem'],
    [0x0110, ASCII, 'Demo'],
    [0x0112, SHORT, 1],
    [0x8769, LONG, 0],
  ];
  const start = 8;
  first[3][2] = start + directory(first, start).length;
  const second = [
    [0x9003, ASCII, time],
    [0xa002, LONG, WIDTH],
    [0xa003, LONG, HEIGHT],
  ];
  const tiff = Buffer.concat([
    Buffer.from('49492a0008000000', 'hex'),
    directory(first, start),
    directory(second, first[3][2]),
  ]);
  const head = Buffer.from('ffe10000457869660000', 'hex');
  head.writeUInt16BE(head.length - 2 + tiff.length, 2);
  return Buffer.concat([head, tiff]);
}

/** An image file directory at an offset: entries of 12 bytes, then the texts that are longer than 4. */
function directory(entries, offset) {
  const fixed = Buffer.alloc(2 + 12 * entries.length + 4);
  fixed.writeUInt16LE(entries.length, 0);
  let texts = Buffer.alloc(0);
  for (const [index, [tag, type, value]] of entries.entries()) {
    const at = 2 + 12 * index;
    const text = type === ASCII ? Buffer.from(`${value}\0`) : null;
    fixed.writeUInt16LE(tag, at);
    fixed.writeUInt16LE(type, at + 2);
    fixed.writeUInt32LE(text?.length ?? 1, at + 4);
    if (text === null) fixed.writeUInt32LE(value, at + 8);
    else if (text.length <= 4) text.copy(fixed, at + 8);
    else {
      fixed.writeUInt32LE(offset + fixed.length + texts.length, at + 8);
      texts = Buffer.concat([texts, text]);
    }
  }
  return Buffer.concat([fixed, texts]);
}
