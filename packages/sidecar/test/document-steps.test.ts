import { Scanner, Tape, WORDS } from '@tandem/json';
import { describe, expect, it } from 'vitest';
import { growth, LINEAR } from '../../json/test/steps.ts';
import { WORST_TEXTS } from '../../json/test/worst-texts.ts';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { encodeRkyv } from '../src/formats/rkyv.ts';
import { summaryJson } from '../src/formats/summary-block.ts';
import { type Extension, Inspector } from '../src/inspect.ts';
import { spliceOperation } from '../src/store/splice.ts';
import { valueText } from '../src/store/value-text.ts';
import { summarize } from '../src/summary.ts';

const SIZE = 2000;
const LIMITS = { maxSize: 1 << 20, maxDepth: 10 * SIZE };

function tapeOf(text: string): Tape {
  const bytes = Buffer.from(text);
  const scanner = new Scanner(LIMITS.maxDepth);
  if (scanner.scan(bytes, 0, bytes.length, 'full') !== null) throw new Error('not valid');
  return new Tape(bytes, scanner.nodes, scanner.length / WORDS);
}

const FORMS: Readonly<Record<string, readonly [Extension, (text: string) => Buffer]>> = {
  json: ['json', (text) => Buffer.from(text)],
  bin: ['bin', (text) => encodeBin(Buffer.from(text), summaryJson(summarize(tapeOf(text))))],
  legacy: ['rkyv', (text) => encodeLegacy(Buffer.from(text))],
  rkyv: ['rkyv', (text) => encodeRkyv(tapeOf(text))],
};

/** What a summary is read from, over and over. */
const SUMMARIZED: Readonly<Record<string, (size: number) => string>> = {
  'equal operations': (size) => `{${'"face_detection":{"faces":[1]},'.repeat(size / 31)}"x":1}`,
  'nested results': (size) => `${'{"data":'.repeat(size / 9)}{"count":1}${'}'.repeat(size / 9)}`,
  'many tools': (size) => `{${'"tool_name":"a","model":"b",'.repeat(size / 28)}"success":true}`,
  'many dates': (size) => `{"sidecar_info":{${'"created_at":"2024-01-01",'.repeat(size / 26)}"a":1}}`,
  'many lists': (size) => `{"face_detection":{"faces":[${'{"c":[1]},'.repeat(size / 10)}1]}}`,
};

function isValid(text: string): boolean {
  try {
    tapeOf(text);
    return true;
  } catch {
    return false;
  }
}

describe.each(Object.entries(FORMS))('%s is inspected in steps in proportion to its size', (name, form) => {
  const [extension, encode] = form;
  // Only JSON can be written that is not valid.
  const texts = Object.entries({ ...WORST_TEXTS, ...SUMMARIZED }).filter(
    ([, text]) => name === 'json' || isValid(text(SIZE)),
  );

  it.each(texts)('%s', (_, text) => {
    const inspect = (bytes: Buffer): void => {
      new Inspector(LIMITS, true).inspect(bytes, bytes.length, extension);
    };
    expect(growth(SIZE, (size) => encode(text(size)), inspect)).toBeLessThan(LINEAR);
  });
});

describe('a save takes steps in proportion to the document', () => {
  const objects = Object.entries({ ...WORST_TEXTS, ...SUMMARIZED }).filter(
    ([, text]) => text(SIZE).startsWith('{') && isValid(text(SIZE)),
  );

  it.each(objects)('%s', (_, text) => {
    const save = (bytes: Buffer): void => {
      const file = { path: 'x.json', bytes, extension: 'json' as const };
      spliceOperation(file, 'face_detection', valueText({ a: [1, 2] }), LIMITS);
    };
    expect(growth(SIZE, (size) => Buffer.from(text(size)), save)).toBeLessThan(LINEAR);
  });

  it('the saved value', () => {
    const save = (value: string): void => {
      const file = { path: 'x.json', bytes: Buffer.from('{\n  "a": 1\n}'), extension: 'json' as const };
      spliceOperation(file, 'face_detection', valueText(JSON.parse(value)), LIMITS);
    };
    const value = (size: number): string => `[${'{"a":[1]},'.repeat(size / 10)}1]`;
    expect(growth(SIZE, value, save)).toBeLessThan(LINEAR);
  });
});
