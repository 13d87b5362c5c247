// field-process.mjs BYTES: prints as JSON how many nanoseconds each way takes to read one field of a document
// of about BYTES bytes.
import { Bench } from 'tinybench';
import { readSidecar } from '../../packages/sidecar/dist/document.js';
import { encodeRkyv } from '../../packages/sidecar/dist/formats/rkyv.js';
import { Scanner } from '../../packages/sidecar/dist/json/scanner.js';
import { Tape, WORDS } from '../../packages/sidecar/dist/json/tape.js';
import { compactText, makeDocument, Random } from '../corpus-documents.mjs';
import { spreadOf } from '../race.mjs';

/** The ways take turns, because the speed of a machine changes during a measurement. */
const TURNS = 25;
const TURN_MS = 12;
const WARM_UP_TURNS = 5;
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

const turns = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
  const bench = new Bench({ time: TURN_MS, warmup: false });
  for (const [name, way] of Object.entries(ways)) {
    bench.add(name, way);
  }
  await bench.run();
  if (turn < 0) continue;
  for (const { name, result } of bench.tasks) {
    turns[name].push(result.latency.p50 * 1e6);
  }
}
const nanoseconds = Object.fromEntries(
  Object.entries(turns).map(([name, times]) => [name, spreadOf(times).median]),
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
