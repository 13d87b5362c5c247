import { describe, expect, it } from 'vitest';
import { KeyTable } from '../src/key-table.ts';
import { sameTokens } from '../src/same-tokens.ts';
import { Scanner, type TapeDetail } from '../src/scanner.ts';
import { Tape, WORDS } from '../src/tape.ts';
import { writeJson } from '../src/write.ts';
import { growth, LINEAR } from './steps.ts';
import { WORST_TEXTS } from './worst-texts.ts';

const SIZE = 2000;

function tapeOf(text: Buffer, detail: TapeDetail): Tape | null {
  const scanner = new Scanner(10 * SIZE);
  const fault = scanner.scan(text, 0, text.length, detail);
  return fault === null ? new Tape(text, scanner.nodes, scanner.length / WORDS) : null;
}

const READERS: Readonly<Record<string, (text: Buffer) => void>> = {
  scan: (text) => tapeOf(text, 'full'),
  outline: (text) => tapeOf(text, 'outline'),
  write: (text) => {
    const tape = tapeOf(text, 'full');
    if (tape !== null) writeJson(tape);
  },
  compare: (text) => {
    const tape = tapeOf(text, 'full');
    if (tape !== null) sameTokens(tape, tape);
  },
  find: (text) => {
    const tape = tapeOf(text, 'full');
    if (tape?.isObject(0)) new KeyTable(['a', 'b', 'count']).find(tape, 0, new Int32Array(3));
  },
};

describe.each(Object.keys(READERS))('%s takes steps in proportion to the text', (name) => {
  const read = READERS[name] as (text: Buffer) => void;

  it.each(Object.entries(WORST_TEXTS))('%s', (_, text) => {
    expect(growth(SIZE, (size) => Buffer.from(text(size)), read)).toBeLessThan(LINEAR);
  });
});
