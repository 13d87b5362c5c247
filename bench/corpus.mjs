#!/usr/bin/env node
// Generates a photo folder from a seed: the same seed gives the same bytes on every machine.
// node bench/corpus.mjs DIR --images 50000 --per-folder 500 --seed 1 [--bytes 2000] [--mix json|all]
//    [--broken 0.01] [--uncovered 0.05]
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compactText, makeDocument, photoTime, Random } from './corpus-documents.mjs';

const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const TIFF = Buffer.from('49492a0008000000000000000000', 'hex');
/** An extension is listed once or more, by its frequency. */
const IMAGE_EXTENSIONS = ['jpg', 'jpg', 'jpg', 'JPG', 'png', 'heic', 'CR2', 'dng'];
const IMAGE_BYTES = { jpg: JPEG, JPG: JPEG, heic: JPEG, png: PNG, CR2: TIFF, dng: TIFF };

/** The size of a compact document divided by its size with white space, as Python's indent=2 writes it. */
const INDENTED_TO_COMPACT = 0.55;

/** How each kind of damage changes the bytes of a sidecar. The two other kinds do not damage the document. */
const DAMAGE = {
  truncated: (bytes, random) => bytes.subarray(0, 9 + Math.floor((bytes.length - 10) * random.next())),
  empty: () => Buffer.alloc(0),
  noise: (bytes, random) => Buffer.from(bytes, 0).map(() => 128 + random.below(128)),
  nul_tail: (bytes) => Buffer.concat([bytes, Buffer.alloc(64)]),
  bad_utf8: (bytes) => withByte(bytes, bytes.lastIndexOf('"') - 1, 0xff),
};
const BROKEN_KINDS = [...Object.keys(DAMAGE), 'wrong_extension', 'orphan'];

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  runFromShell();
}

/**
 * @param {string} dir new or empty
 * @param {object} options
 * @param {number} options.images photos, each with a sidecar unless `uncovered` or `broken` says otherwise
 * @param {number} [options.perFolder] photos in a folder
 * @param {number} [options.seed]
 * @param {number} [options.sidecarBytes] mean size of a sidecar
 * @param {'json'|'all'} [options.mix] all: json, the older tool's .bin and, with `encode`, bin and rkyv
 * @param {number} [options.broken] share of the sidecars that are damaged, have a wrong extension or have no
 *   photo
 * @param {number} [options.uncovered] share of the photos without a sidecar
 * @param {(format: 'bin'|'rkyv', json: Buffer) => Uint8Array} [options.encode]
 * @param {(path: string, document: object | null, takenAt: Date) => void} [options.onPhoto] called for each
 *   photo, with the document of its sidecar
 * @returns what was written: photos, sidecars, folders, bytes, and counts by format, operation and damage
 */
export function makeCorpus(dir, options) {
  const settings = {
    perFolder: 500,
    seed: 1,
    sidecarBytes: 2000,
    mix: 'json',
    broken: 0,
    encode: null,
    ...options,
  };
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new Error(`${dir} is not empty`);
  }
  const corpus = { ...settings, random: new Random(settings.seed), formats: formatsOf(settings) };
  const truth = startTruth();
  for (let index = 0; index < settings.images; index++) {
    const folder = `${dir}/${folderName(Math.floor(index / settings.perFolder))}`;
    if (index % settings.perFolder === 0) {
      mkdirSync(folder, { recursive: true });
      truth.folders++;
    }
    writePhoto(corpus, folder, index, truth);
  }
  return truth;
}

/**
 * `invalid` counts what no reader can accept; `formats` the formats before any damage; `operations` the valid
 * documents.
 */
function startTruth() {
  const sums = { images: 0, covered: 0, sidecars: 0, folders: 0, bytes: 0, invalid: 0 };
  return { ...sums, formats: {}, extensions: {}, operations: {}, broken: {} };
}

/** A format is listed once or more, by its frequency. */
function formatsOf({ mix, encode }) {
  if (mix === 'json') {
    return ['json'];
  }
  return encode === null
    ? ['json', 'json', 'json', 'legacy']
    : ['json', 'json', 'json', 'json', 'legacy', 'bin', 'rkyv'];
}

function folderName(number) {
  const season = String(2019 + Math.floor(number / 20)).padStart(4, '0');
  return `season-${season}/game-${String(number + 1).padStart(5, '0')}`;
}

function writePhoto(corpus, folder, index, truth) {
  const { random } = corpus;
  const stem = `IMG_${String(index + 1).padStart(6, '0')}`;
  const extension = corpus.mix === 'json' ? 'jpg' : random.pick(IMAGE_EXTENSIONS);
  const covered = !random.chance(corpus.uncovered);
  const kind = covered && random.chance(corpus.broken) ? random.pick(BROKEN_KINDS) : null;
  const image = `${stem}.${extension}`;
  const document = covered ? writeSidecar(corpus, { folder, stem, image, index, kind }, truth) : null;
  if (kind !== 'orphan') {
    writeFileSync(`${folder}/${image}`, IMAGE_BYTES[extension]);
    corpus.onPhoto?.(`${folder}/${image}`, document, photoTime(index));
    truth.images++;
    truth.covered += covered ? 1 : 0;
  }
}

/** @returns the document, as it was before any damage */
function writeSidecar(corpus, { folder, stem, image, index, kind }, truth) {
  const { random } = corpus;
  // In a sealed file a wrong byte is a wrong checksum, not wrong text.
  const format = kind === 'bad_utf8' ? 'json' : random.pick(corpus.formats);
  const indented = format === 'json' && random.chance(0.5);
  const compactBytes = indented ? corpus.sidecarBytes * INDENTED_TO_COMPACT : corpus.sidecarBytes;
  const { operation, document } = makeDocument(random, `photos/${image}`, index, compactBytes);
  const whole = encodeDocument(corpus.encode, format, compactText(document, indented ? 2 : undefined));
  const bytes = kind !== null && kind in DAMAGE ? DAMAGE[kind](asBuffer(whole), random) : whole;
  // Both conventions occur: IMG_1.json and IMG_1.jpg.json.
  const name = corpus.mix === 'all' && random.chance(0.25) ? image : stem;
  const extension = extensionOf(random, format, kind);
  writeFileSync(`${folder}/${name}.${extension}`, bytes);
  tell(truth, { format, extension, kind, operation, length: Buffer.byteLength(bytes) });
  return document;
}

/** A string where possible: Node writes it without a Buffer in between. */
function encodeDocument(encode, format, text) {
  if (format === 'json') {
    return text;
  }
  return format === 'legacy' ? withLength(Buffer.from(text)) : encode(format, Buffer.from(text));
}

/** As the older tool writes .bin: the length as u64, little-endian, then the text. */
function withLength(json) {
  const bytes = Buffer.allocUnsafe(8 + json.length);
  bytes.writeBigUInt64LE(BigInt(json.length), 0);
  json.copy(bytes, 8);
  return bytes;
}

function asBuffer(content) {
  return typeof content === 'string'
    ? Buffer.from(content)
    : Buffer.from(content.buffer, content.byteOffset, content.length);
}

function withByte(bytes, at, value) {
  const changed = Buffer.from(bytes);
  changed[at] = value;
  return changed;
}

/** The older tool wrote the same bytes into .bin and .rkyv. */
function extensionOf(random, format, kind) {
  const right = format !== 'legacy' ? format : random.chance(0.2) ? 'rkyv' : 'bin';
  return kind === 'wrong_extension' ? { json: 'bin', bin: 'rkyv', rkyv: 'json' }[right] : right;
}

function tell(truth, { format, extension, kind, operation, length }) {
  truth.sidecars++;
  truth.bytes += length;
  count(truth.formats, format);
  count(truth.extensions, extension);
  if (kind !== null) {
    count(truth.broken, kind);
  }
  if (kind !== null && kind in DAMAGE) {
    truth.invalid++;
  } else {
    count(truth.operations, operation);
  }
}

function count(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
}

function runFromShell() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      images: { type: 'string', default: '3000' },
      'per-folder': { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      bytes: { type: 'string', default: '2000' },
      mix: { type: 'string', default: 'json' },
      broken: { type: 'string', default: '0' },
      uncovered: { type: 'string', default: '0' },
    },
  });
  if (positionals.length !== 1 || !['json', 'all'].includes(values.mix)) {
    console.error(
      'usage: node bench/corpus.mjs DIR [--images N] [--per-folder N] [--seed N] [--bytes N] [--mix json|all] [--broken SHARE] [--uncovered SHARE]',
    );
    process.exitCode = 2;
    return;
  }
  const truth = makeCorpus(positionals[0], {
    images: Number(values.images),
    perFolder: Number(values['per-folder']),
    seed: Number(values.seed),
    sidecarBytes: Number(values.bytes),
    mix: values.mix,
    broken: Number(values.broken),
    uncovered: Number(values.uncovered),
  });
  console.log(JSON.stringify(truth, null, 2));
}
