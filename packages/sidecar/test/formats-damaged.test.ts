import { readFileSync } from 'node:fs';
import { Scanner, Tape, WORDS } from '@tandem/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFault } from '../src/fault.ts';
import { encodeRkyv, RkyvReader } from '../src/formats/rkyv.ts';
import { type Extension, Inspector } from '../src/inspect.ts';
import { faultOf, LIMITS, SIDECAR } from './formats-fixture.ts';

interface DamagedFile {
  readonly name: string;
  readonly extension: Extension;
  readonly hex: string;
  /** Null where the file is valid. */
  readonly code: string | null;
  readonly offset: number | null;
  readonly params: Readonly<Record<string, string | boolean>>;
}

const damaged = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/damaged-formats.json', import.meta.url), 'utf8'),
) as { readonly max_depth: number; readonly cases: readonly DamagedFile[] };

describe('the golden files', () => {
  it.each(damaged.cases)('$name', ({ extension, hex, code, offset, params }) => {
    const file = Buffer.from(hex, 'hex');
    const limits = { ...LIMITS, maxDepth: damaged.max_depth };
    const { fault, format, findings } = new Inspector(limits, false).inspect(file, file.length, extension);
    expect([fault?.code ?? null, fault?.offset ?? null]).toEqual([code, offset]);
    if (fault === null) {
      expect(format).toBe(params['format']);
      const mismatch = params['mismatch'] === true ? [{ finding: 'extension_mismatch', offset: 0 }] : [];
      expect(findings).toEqual(mismatch);
    } else {
      expect(fault.message).not.toMatch(/\{[a-z]+\}/);
      for (const value of Object.values(params)) expect(fault.message).toContain(value);
    }
  });
});

describe('a damaged archive', () => {
  const golden = Buffer.from(SIDECAR.rkyv, 'hex');
  const size = golden.length;
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

  it('that nests deeper than the limit is reported and ends no process', () => {
    const depth = 100_000;
    const text = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const bytes = Buffer.from(text);
    const scanner = new Scanner(depth);
    expect(scanner.scan(bytes, 0, bytes.length, 'full')).toBe(null);
    const file = encodeRkyv(new Tape(bytes, scanner.nodes, scanner.length / WORDS));
    expect(faultOf(file, 'rkyv')).toEqual(['ERR_TANDEM_TOO_DEEP', 16 + 12 * LIMITS.maxDepth]);
  });
});
