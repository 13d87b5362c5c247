import { readFileSync } from 'node:fs';
import { Scanner, Tape, WORDS } from '@tandem/json';
import { expect } from 'vitest';
import { isFault } from '../src/fault.ts';
import { RkyvReader } from '../src/formats/rkyv.ts';
import { type Extension, Inspector } from '../src/inspect.ts';

/** The golden files; docs/formats.md describes them to the byte. */
export const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/formats.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly { name: string; text: string; bin: string; rkyv: string }[] };

export const LIMITS = { maxSize: 1 << 28, maxDepth: 64 };
export const SIDECAR = vectors.cases.find(
  (one) => one.name === 'a sidecar',
) as (typeof vectors.cases)[number];

/** The tape of a valid JSON text. */
export function tapeOf(text: string | Uint8Array): Tape {
  const bytes = Buffer.from(text);
  const scanner = new Scanner(LIMITS.maxDepth);
  expect(scanner.scan(bytes, 0, bytes.length, 'full')).toBe(null);
  return new Tape(bytes, scanner.nodes, scanner.length / WORDS);
}

/** The tape in a valid archive. */
export function opened(bytes: Uint8Array): Tape {
  const tape = new RkyvReader(LIMITS.maxDepth).open(bytes, bytes.length);
  if (isFault(tape)) throw new Error(`${tape.code} at ${tape.offset}`);
  return tape;
}

/** The code and the offset that inspecting a file gives; null where it is valid. */
export function faultOf(
  bytes: Uint8Array,
  extension: Extension = 'bin',
): readonly [string, number | null] | null {
  const { fault } = new Inspector(LIMITS, false).inspect(bytes, bytes.length, extension);
  return fault === null ? null : [fault.code, fault.offset];
}
