import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFault } from '../src/fault.ts';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeRkyv, RkyvReader } from '../src/formats/rkyv.ts';
import { Scanner } from '../src/json/scanner.ts';
import { Tape, WORDS } from '../src/json/tape.ts';
import { edited, faultOf, LIMITS, SIDECAR } from './formats-fixture.ts';

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
