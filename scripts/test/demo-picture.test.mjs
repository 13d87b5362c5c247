import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import decode, { init } from '@jsquash/jpeg/decode.js';
import { expect, test } from 'vitest';
import { drawPicture } from '../lib/demo-picture.mjs';

const codec = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
await init(await WebAssembly.compile(readFileSync(codec)));
// A class of browsers that the decoder returns.
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

const TAKEN_AT = new Date('2024-05-06T07:08:09Z');
const DOCUMENT = { face_detection: { faces: [{ bbox: [1000, 1500, 800, 800] }] }, id: 1n };

test('a picture shows the faces of its document where they are', async () => {
  const { data, width, height } = await decode(await drawPicture(DOCUMENT, TAKEN_AT));
  expect([width, height]).toEqual([160, 120]);
  const rgb = (x, y) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
  const isNear = (one, other) => one.every((value, at) => Math.abs(value - other[at]) < 24);
  // The middle of the face is skin; the field beside it is grass.
  expect(isNear(rgb(56, 80), [0xd9, 0xa6, 0x79])).toBe(true);
  expect(isNear(rgb(120, 100), [0x4f, 0x7f, 0x3f])).toBe(true);
});

test('a picture has an EXIF block with its time, and its bytes follow from document and time', async () => {
  const picture = await drawPicture(DOCUMENT, TAKEN_AT);
  expect(picture.subarray(0, 4).toString('hex')).toBe('ffd8ffe1');
  expect(picture.subarray(6, 12).toString('latin1')).toBe('Exif\0\0');
  expect(picture.includes('2024:05:06 07:08:09\0')).toBe(true);
  expect(await drawPicture(DOCUMENT, TAKEN_AT)).toEqual(picture);
  expect(await drawPicture(null, TAKEN_AT)).not.toEqual(picture);
});
