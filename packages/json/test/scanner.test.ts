import { readFileSync } from 'node:fs';
import { placeOf } from '@tandem/files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scanner } from '../src/scanner.ts';
import { Tape, WORDS } from '../src/tape.ts';
import { writeJson } from '../src/write.ts';

interface Case {
  readonly name: string;
  readonly text?: string;
  readonly base64?: string;
  readonly code: string | null;
  readonly offset?: number;
  readonly line?: number | null;
  readonly column?: number | null;
  readonly expected?: string;
  readonly found?: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/json.json', import.meta.url), 'utf8'),
) as {
  readonly max_depth: number;
  readonly cases: readonly Case[];
};
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function acceptedByV8(bytes: Uint8Array): boolean {
  try {
    JSON.parse(DECODER.decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function tapeOf(scanner: Scanner, bytes: Uint8Array): Tape {
  return new Tape(bytes, scanner.nodes, scanner.length / WORDS);
}

/**
 * Random JSON text with white space, escapes and every kind of number, and randomly damaged versions of it.
 */
const jsonText = fc
  .tuple(fc.json({ stringUnit: 'binary' }), fc.constantFrom(0, 1, 2))
  .map(([text, indent]) => JSON.stringify(JSON.parse(text), null, indent));
const damaged = fc
  .tuple(
    jsonText,
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'insert', 'cut')), {
      maxLength: 3,
    }),
  )
  .map(([text, edits]) => {
    let bytes = Buffer.from(text);
    for (const [where, byte, edit] of edits) {
      const at = bytes.length === 0 ? 0 : where % bytes.length;
      if (edit === 'set' && bytes.length > 0) bytes[at] = byte;
      else if (edit === 'insert')
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)]);
      else bytes = bytes.subarray(0, at);
    }
    return Buffer.from(bytes);
  });

describe('the JSON scanner', () => {
  for (const one of vectors.cases) {
    it(`gives the verdict and the place: ${one.name}`, () => {
      const bytes =
        one.base64 === undefined ? Buffer.from(one.text ?? '') : Buffer.from(one.base64, 'base64');
      for (const detail of ['outline', 'full'] as const) {
        const fault = new Scanner(vectors.max_depth).scan(bytes, 0, bytes.length, detail);
        expect(fault?.code ?? null).toBe(one.code);
        if (fault === null) continue;
        expect(fault.offset).toBe(one.offset);
        expect(fault.expected).toBe(one.expected);
        expect(fault.found).toBe(one.found);
        if (one.line !== null && one.line !== undefined) {
          expect(placeOf(bytes, 0, fault.offset)).toEqual({ line: one.line, column: one.column });
        }
      }
    });
  }

  it('agrees with JSON.parse after a fatal decoder on any bytes', () => {
    const scanner = new Scanner(1024);
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 24 })), (bytes) => {
        const room = Buffer.concat([bytes, Buffer.from('xyz')]);
        const fault = scanner.scan(room, 0, bytes.length, 'full');
        expect(fault === null).toBe(acceptedByV8(bytes));
        expect(room.subarray(bytes.length).toString()).toBe('xyz');
      }),
      { numRuns: 5000 },
    );
  });

  it('writes what it read: JSON.parse gives the same value for the one specified form', () => {
    const scanner = new Scanner(1024);
    fc.assert(
      fc.property(jsonText, (text) => {
        const bytes = Buffer.from(text);
        expect(scanner.scan(bytes, 0, bytes.length, 'full')).toBe(null);
        const written = writeJson(tapeOf(scanner, bytes)).toString();
        expect(JSON.parse(written)).toEqual(JSON.parse(text));
        const again = new Scanner(1024);
        const writtenBytes = Buffer.from(written);
        expect(again.scan(writtenBytes, 0, writtenBytes.length, 'full')).toBe(null);
        expect(writeJson(tapeOf(again, writtenBytes)).toString()).toBe(written);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps order, duplicate keys, the spelling of numbers and lone surrogates', () => {
    const text =
      '{ "b" : 1.0, "a":-0, "b":1e999, "10":12345678901234567890,"2":[],"s":"\\ud800\\u0041\\ud83d\\ude00\\/"}';
    const bytes = Buffer.from(text);
    const scanner = new Scanner(8);
    scanner.scan(bytes, 0, bytes.length, 'full');
    expect(writeJson(tapeOf(scanner, bytes)).toString()).toBe(
      '{"b":1.0,"a":-0,"b":1e999,"10":12345678901234567890,"2":[],"s":"\\ud800A\u{1f600}/"}',
    );
  });

  it('leaves the content of arrays out of an outline, and still counts it', () => {
    const bytes = Buffer.from('{"faces":[{"a":[1,2]},[3],4],"n":{"k":[]}}');
    const scanner = new Scanner(8);
    expect(scanner.scan(bytes, 0, bytes.length, 'outline')).toBe(null);
    const tape = tapeOf(scanner, bytes);
    const faces = tape.get(0, Buffer.from('faces'));
    expect(tape.a(faces)).toBe(3);
    expect(tape.size).toBe(7);
    expect(tape.a(tape.get(tape.get(0, Buffer.from('n')), Buffer.from('k')))).toBe(0);
  });

  it('reads a document of 256 levels and a million nodes without recursion', () => {
    const bytes = Buffer.from(`${'['.repeat(256)}${'1,'.repeat(1_000_000)}1${']'.repeat(256)}`);
    const scanner = new Scanner(256);
    expect(scanner.scan(bytes, 0, bytes.length, 'full')).toBe(null);
    expect(scanner.length / WORDS).toBe(1_000_257);
  });
});
