// field-process.mjs BYTES: nanoseconds of each way to one field of a document of about so many bytes, as JSON.
import { Bench } from 'tinybench';
import { readSidecar } from '../../packages/sidecar/dist/document.js';
import { encodeRkyv } from '../../packages/sidecar/dist/formats/rkyv.js';
import { Scanner } from '../../packages/sidecar/dist/json/scanner.js';
import { Tape, WORDS } from '../../packages/sidecar/dist/json/tape.js';
import { compactText, makeDocument, Random } from '../corpus-documents.mjs';

const TASK_MS = 300;
const FIELD = 'face_detection.faces[0].confidence';

const json = Buffer.from(compactText(documentWithFaces(Number(process.argv[2]))));
const archive = archived(json);
const ways = {
  'JSON.parse, one field': () => JSON.parse(json.toString('utf8')).face_detection.faces[0].confidence,
  'rkyv, one field': () => readSidecar(archive, 'rkyv').get(FIELD),
  'json, one field': () => readSidecar(json, 'json').get(FIELD),
  'JSON.parse, all': () => JSON.parse(json.toString('utf8')),
  'rkyv, all': () => readSidecar(archive, 'rkyv').toJSON(),
};
const expected = ways['JSON.parse, one field']();
for (const name of Object.keys(ways).filter((way) => way.endsWith('one field'))) {
  if (ways[name]() !== expected) {
    throw new Error(`${name} gives ${ways[name]()} instead of ${expected}`);
  }
}

const bench = new Bench({ time: TASK_MS, warmupTime: TASK_MS / 3 });
for (const [name, way] of Object.entries(ways)) {
  bench.add(name, way);
}
await bench.run();
const nanoseconds = Object.fromEntries(
  bench.tasks.map(({ name, result }) => [name, result.latency.p50 * 1e6]),
);
console.log(JSON.stringify({ sizes: { json: json.length, rkyv: archive.length }, nanoseconds }));

function documentWithFaces(bytes) {
  const random = new Random(1);
  for (let index = 0; ; index++) {
    const { document } = makeDocument(random, `photos/IMG_${index}.jpg`, index, bytes);
    const size = compactText(document).length;
    if (document.face_detection?.faces?.length > 1 && Math.abs(size - bytes) < bytes / 10) {
      return document;
    }
  }
}

function archived(text) {
  const scanner = new Scanner(1024);
  const fault = scanner.scan(text, 0, text.length, 'full');
  if (fault !== null) {
    throw new Error(fault.code);
  }
  return encodeRkyv(new Tape(text, scanner.nodes, scanner.length / WORDS));
}
