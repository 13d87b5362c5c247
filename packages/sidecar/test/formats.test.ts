import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFault } from '../src/fault.ts';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { encodeRkyv, RkyvReader } from '../src/formats/rkyv.ts';
import { summaryJson } from '../src/formats/summary-block.ts';
import { type Extension, Inspector } from '../src/inspect.ts';
import { sameTokens } from '../src/json/same-tokens.ts';
import { Scanner } from '../src/json/scanner.ts';
import { Tape, WORDS } from '../src/json/tape.ts';
import { writeJson } from '../src/json/write.ts';
import { summarize } from '../src/summary.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/formats.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly { name: string; text: string; bin: string; rkyv: string }[] };
const LIMITS = { maxSize: 1 << 28, maxDepth: 64 };
const SIDECAR = vectors.cases.find((one) => one.name === 'a sidecar') as (typeof vectors.cases)[number];

function tapeOf(text: string | Uint8Array): Tape {
  const bytes = Buffer.from(text);
  const scanner = new Scanner(LIMITS.maxDepth);
  expect(scanner.scan(bytes, 0, bytes.length, 'full')).toBe(null);
  return new Tape(bytes, scanner.nodes, scanner.length / WORDS);
}

function opened(bytes: Uint8Array): Tape {
  const tape = new RkyvReader(LIMITS.maxDepth).open(bytes, bytes.length);
  if (isFault(tape)) throw new Error(`${tape.code} at ${tape.offset}`);
  return tape;
}

/** The code and the offset that inspecting a file gives; null where it is right. */
function faultOf(bytes: Uint8Array, extension: Extension = 'bin'): readonly [string, number | null] | null {
  const { fault } = new Inspector(LIMITS, false).inspect(bytes, bytes.length, extension);
  return fault === null ? null : [fault.code, fault.offset];
}

function edited(hex: string, edit: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(hex, 'hex');
  edit(copy);
  return copy;
}

const jsonText = fc.json({ stringUnit: 'binary', maxDepth: 5 });

describe.each(vectors.cases)('$name', ({ text, bin, rkyv }) => {
  it('is sealed to the golden bytes, and comes back byte for byte', () => {
    const file = encodeBin(Buffer.from(text), summaryJson(summarize(tapeOf(text))));
    expect(file.toString('hex')).toBe(bin);
    const inspector = new Inspector(LIMITS, false);
    expect(inspector.inspect(file, file.length, 'bin')).toMatchObject({ format: 'bin', fault: null });
    expect(Buffer.from(inspector.document(file)).toString()).toBe(text);
  });

  it('is archived to the golden bytes, and says the same tokens', () => {
    const file = encodeRkyv(tapeOf(text));
    expect(file.toString('hex')).toBe(rkyv);
    const tape = opened(file);
    expect(sameTokens(tapeOf(text), tape)).toBe(true);
    expect(summarize(tape)).toEqual(summarize(tapeOf(text)));
    expect(sameTokens(tapeOf(writeJson(tape)), tape)).toBe(true);
  });

  it('is read as the older tool wrote it', () => {
    const file = encodeLegacy(writeJson(tapeOf(text)));
    const sniffable = file.length >= 9;
    for (const extension of ['bin', 'rkyv'] as const) {
      expect(new Inspector(LIMITS, false).inspect(file, file.length, extension)).toMatchObject({
        format: sniffable ? 'legacy' : null,
        fault: null,
        findings: [],
      });
    }
  });
});

describe('a sealed file that was damaged', () => {
  const size = SIDECAR.bin.length / 2;
  const summaryEnd = 32 + Buffer.from(SIDECAR.bin, 'hex').readUInt32LE(28);
  it.each([
    ['cut in the header', Buffer.from(SIDECAR.bin, 'hex').subarray(0, 20), 'ERR_TANDEM_BIN_TRUNCATED', 20],
    ['cut in the summary', Buffer.from(SIDECAR.bin, 'hex').subarray(0, 50), 'ERR_TANDEM_BIN_TRUNCATED', 50],
    [
      'cut by a byte',
      Buffer.from(SIDECAR.bin, 'hex').subarray(0, size - 1),
      'ERR_TANDEM_BIN_TRUNCATED',
      size - 1,
    ],
    [
      'added to',
      Buffer.concat([Buffer.from(SIDECAR.bin, 'hex'), Buffer.of(0)]),
      'ERR_TANDEM_BIN_TRAILING',
      size,
    ],
    ['another version', edited(SIDECAR.bin, (b) => b.writeUInt16LE(2, 8)), 'ERR_TANDEM_BIN_VERSION', 8],
    ['unknown flags', edited(SIDECAR.bin, (b) => b.writeUInt16LE(1, 10)), 'ERR_TANDEM_BIN_VERSION', 8],
    [
      'a flipped bit in the summary',
      edited(SIDECAR.bin, (b) => b.writeUInt8(b.readUInt8(40) ^ 1, 40)),
      'ERR_TANDEM_BIN_CHECKSUM',
      summaryEnd,
    ],
    [
      'a flipped bit in the document',
      edited(SIDECAR.bin, (b) => b.writeUInt8(b.readUInt8(size - 5) ^ 1, size - 5)),
      'ERR_TANDEM_BIN_CHECKSUM',
      24,
    ],
    [
      'a length of 2^64 - 1',
      edited(SIDECAR.bin, (b) => b.writeBigUInt64LE(2n ** 64n - 1n, 16)),
      'ERR_TANDEM_BIN_CHECKSUM',
      summaryEnd,
    ],
    [
      'a summary of 4 GiB',
      edited(SIDECAR.bin, (b) => b.writeUInt32LE(0xffff_ffff, 28)),
      'ERR_TANDEM_BIN_TRUNCATED',
      size,
    ],
    ['a summary that lies', encodeBin(Buffer.from(SIDECAR.text), '{}'), 'ERR_TANDEM_BIN_SUMMARY', 32],
    ['bad JSON well sealed', encodeBin(Buffer.from('{"a":}'), '{}'), 'ERR_TANDEM_JSON_SYNTAX', 38 + 5],
  ])('%s', (_, bytes, code, offset) => {
    expect(faultOf(bytes)).toEqual([code, offset]);
  });
});

describe('an archive that was damaged', () => {
  const golden = Buffer.from(SIDECAR.rkyv, 'hex');
  const size = golden.length;
  const textLength = golden.readUInt32LE(size - 12);
  const nodesAt = 16 + Math.ceil(textLength / 4) * 4;
  const node = (index: number): number => nodesAt + 12 * index;
  it.each([
    ['cut to its header', golden.subarray(0, 31), 'ERR_TANDEM_RKYV_TRUNCATED', 31],
    ['cut by a byte', golden.subarray(0, size - 1), 'ERR_TANDEM_RKYV_LAYOUT', size - 17],
    ['another version', edited(SIDECAR.rkyv, (b) => b.writeUInt16LE(2, 8)), 'ERR_TANDEM_RKYV_VERSION', 8],
    [
      'a pointer outside',
      edited(SIDECAR.rkyv, (b) => b.writeInt32LE(-(2 ** 31), size - 16)),
      'ERR_TANDEM_RKYV_LAYOUT',
      size - 16,
    ],
    [
      'a pointer into itself',
      edited(SIDECAR.rkyv, (b) => b.writeInt32LE(0, size - 8)),
      'ERR_TANDEM_RKYV_LAYOUT',
      size - 8,
    ],
    [
      'a text of 4 GiB',
      edited(SIDECAR.rkyv, (b) => b.writeUInt32LE(0xffff_ffff, size - 12)),
      'ERR_TANDEM_RKYV_LAYOUT',
      size - 16,
    ],
    [
      'an unknown kind',
      edited(SIDECAR.rkyv, (b) => b.writeUInt32LE(7, node(3))),
      'ERR_TANDEM_RKYV_NODE',
      node(3),
    ],
    [
      'a kind of 2^31',
      edited(SIDECAR.rkyv, (b) => b.writeUInt32LE(2 ** 31, node(10))),
      'ERR_TANDEM_RKYV_NODE',
      node(10),
    ],
    [
      'a cycle',
      edited(SIDECAR.rkyv, (b) => b.writeUInt32LE(0, node(8) + 8)),
      'ERR_TANDEM_RKYV_NODE',
      node(8),
    ],
    [
      'a count beyond all',
      edited(SIDECAR.rkyv, (b) => b.writeUInt32LE(2 ** 31, node(17) + 4)),
      'ERR_TANDEM_RKYV_NODE',
      node(17),
    ],
    [
      'a shared text',
      edited(SIDECAR.rkyv, (b) => b.writeUInt32LE(0, node(5) + 4)),
      'ERR_TANDEM_RKYV_NODE',
      node(5),
    ],
    [
      'a key that is a number',
      edited(SIDECAR.rkyv, (b) => b.writeUInt32LE(3, node(9))),
      'ERR_TANDEM_RKYV_NODE',
      node(9),
    ],
    [
      'a number that is none',
      edited(SIDECAR.rkyv, (b) => b.write('x', b.indexOf('0.410'))),
      'ERR_TANDEM_RKYV_NUMBER',
      node(12),
    ],
    [
      'text that is not UTF-8',
      edited(SIDECAR.rkyv, (b) => b.writeUInt8(0xff, 16)),
      'ERR_TANDEM_RKYV_TEXT',
      node(1),
    ],
  ])('%s', (_, bytes, code, offset) => {
    expect(faultOf(bytes, 'rkyv')).toEqual([code, offset]);
  });

  it('is accepted only where writing it again gives the same bytes', () => {
    const damage = fc.array(fc.tuple(fc.nat(size - 17), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(damage, (edits) => {
        const bytes = Buffer.from(golden);
        for (const [at, byte] of edits) bytes[16 + at] = byte;
        const tape = new RkyvReader(LIMITS.maxDepth).open(bytes, bytes.length);
        if (!isFault(tape)) expect(encodeRkyv(tape).equals(bytes)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('that nests deeper than the limit is named and ends no process', () => {
    const depth = 100_000;
    const text = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const bytes = Buffer.from(text);
    const scanner = new Scanner(depth);
    expect(scanner.scan(bytes, 0, bytes.length, 'full')).toBe(null);
    const file = encodeRkyv(new Tape(bytes, scanner.nodes, scanner.length / WORDS));
    expect(faultOf(file, 'rkyv')).toEqual(['ERR_TANDEM_TOO_DEEP', 16 + 12 * LIMITS.maxDepth]);
  });
});

describe('any document', () => {
  it('survives json, rkyv and back token by token', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const tape = opened(encodeRkyv(tapeOf(text)));
        expect(sameTokens(tapeOf(text), tape)).toBe(true);
        expect(JSON.parse(writeJson(tape).toString())).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('is no equal of another: the proof sees a changed character, number, key or order', () => {
    const one = tapeOf('{"a":[1,"x"],"b":2}');
    for (const other of [
      '{"a":[1,"y"],"b":2}',
      '{"a":[1.0,"x"],"b":2}',
      '{"a":[1,"x"],"c":2}',
      '{"b":2,"a":[1,"x"]}',
      '{"a":[1],"b":2}',
      '{"a":1}',
    ]) {
      expect(sameTokens(one, tapeOf(other))).toBe(false);
    }
  });
});

describe('telling files apart', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);
  it.each([
    ['empty', bytes(''), 'bin', ['ERR_TANDEM_EMPTY_FILE', 0]],
    ['noise in a .bin', Buffer.from('00ff1122334455667788', 'hex'), 'bin', ['ERR_TANDEM_UNKNOWN_FORMAT', 0]],
    ['noise in a .json', Buffer.from('00ff1122334455667788', 'hex'), 'json', ['ERR_TANDEM_INVALID_UTF8', 1]],
    [
      'a cut file of the older tool',
      Buffer.concat([Buffer.from('0900000000000000', 'hex'), bytes('{"a":1')]),
      'bin',
      ['ERR_TANDEM_LEGACY_LENGTH', 0],
    ],
    ['bad JSON in the older form', encodeLegacy(bytes('{"a"}')), 'rkyv', ['ERR_TANDEM_JSON_SYNTAX', 12]],
    ['cut JSON in a .bin', bytes('{"a":'), 'bin', ['ERR_TANDEM_JSON_TRUNCATED', 5]],
  ] as const)('%s', (_, file, extension, expected) => {
    expect(faultOf(file, extension)).toEqual(expected);
  });

  it('names an extension that lies', () => {
    const inspector = new Inspector(LIMITS, false);
    const text = bytes('{}');
    const mismatch = [{ finding: 'extension_mismatch', offset: 0 }];
    expect(inspector.inspect(text, 2, 'rkyv')).toMatchObject({
      format: 'json',
      fault: null,
      findings: mismatch,
    });
    const archive = Buffer.from(SIDECAR.rkyv, 'hex');
    expect(inspector.inspect(archive, archive.length, 'bin')).toMatchObject({
      format: 'rkyv',
      fault: null,
      findings: mismatch,
    });
  });

  it('answers for a sealed file from its summary block alone', () => {
    const file = Buffer.from(SIDECAR.bin, 'hex');
    const inspector = new Inspector(LIMITS, false);
    const whole = inspector.inspect(file, file.length, 'bin').summary;
    const head = file.subarray(0, 36 + file.readUInt32LE(28));
    expect(inspector.summaryOnly(head, head.length, file.length, 'bin')?.summary).toEqual({
      ...whole,
      imagePath: null,
    });
    expect(inspector.summaryOnly(head, head.length, file.length + 1, 'bin')?.fault?.code).toBe(
      'ERR_TANDEM_BIN_TRAILING',
    );
    expect(inspector.summaryOnly(Buffer.from('{"a":1}'), 3, 7, 'json')).toBe(null);
    // A block that the bytes at hand do not hold whole asks for more, and is not called cut.
    expect(inspector.summaryOnly(file.subarray(0, 60), 60, file.length, 'bin')).toBe(null);
  });

  it('does not trust a block that is well sealed and not ours', () => {
    const forged = encodeBin(
      Buffer.from('{}'),
      '{"operation":"yolov8","detections":-1.5,"tool":null,"success":null,"processing_time":null,"created_at":null,"last_updated":null}',
    );
    const inspector = new Inspector(LIMITS, true);
    expect(inspector.summaryOnly(forged, forged.length, forged.length, 'bin')?.fault?.code).toBe(
      'ERR_TANDEM_BIN_SUMMARY',
    );
  });

  it('does not hand on the findings of the file before', () => {
    const inspector = new Inspector(LIMITS, true);
    const text = Buffer.from('[1]');
    expect(inspector.inspect(text, 3, 'json').findings).toHaveLength(1);
    const file = Buffer.from(SIDECAR.bin, 'hex');
    expect(inspector.summaryOnly(file, file.length, file.length, 'bin')?.findings).toEqual([]);
  });
});
