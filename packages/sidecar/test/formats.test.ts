import { sameTokens, writeJson } from '@tandem/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { encodeRkyv } from '../src/formats/rkyv.ts';
import { summaryJson } from '../src/formats/summary-block.ts';
import { Inspector } from '../src/inspect.ts';
import { summarize } from '../src/summary.ts';
import { LIMITS, opened, tapeOf, vectors } from './formats-fixture.ts';

const jsonText = fc.json({ stringUnit: 'binary', maxDepth: 5 });

describe.each(vectors.cases)('$name', ({ text, bin, rkyv }) => {
  it('is sealed to the golden bytes, and comes back byte for byte', () => {
    const file = encodeBin(Buffer.from(text), summaryJson(summarize(tapeOf(text))));
    expect(file.toString('hex')).toBe(bin);
    const inspector = new Inspector(LIMITS, false);
    expect(inspector.inspect(file, file.length, 'bin')).toMatchObject({ format: 'bin', fault: null });
    expect(Buffer.from(inspector.document(file)).toString()).toBe(text);
  });

  it('is archived to the golden bytes, and has the same tokens', () => {
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

  it('equals no other: the proof notices a changed character, number, key or order', () => {
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
