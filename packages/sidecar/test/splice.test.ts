import { Scanner, Tape, WORDS, writeJson } from '@tandem/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { encodeRkyv } from '../src/formats/rkyv.ts';
import { summaryJson } from '../src/formats/summary-block.ts';
import { type Extension, Inspector } from '../src/inspect.ts';
import { operationKey } from '../src/store/operation-key.ts';
import { openDocument, spliceOperation } from '../src/store/splice.ts';
import { valueText } from '../src/store/value-text.ts';
import { summarize } from '../src/summary.ts';

const LIMITS = { maxSize: 1 << 20, maxDepth: 64 };
const MARK = 'a mark that no document holds';

function tapeOf(text: string): Tape {
  const bytes = Buffer.from(text);
  const scanner = new Scanner(LIMITS.maxDepth);
  expect(scanner.scan(bytes, 0, bytes.length, 'full')).toBe(null);
  return new Tape(bytes, scanner.nodes, scanner.length / WORDS);
}

/** Each form of a document, and the extension by which it is read. */
const FORMS: readonly [string, Extension, (text: string) => Buffer][] = [
  ['json', 'json', (text) => Buffer.from(text)],
  ['bin', 'bin', (text) => encodeBin(Buffer.from(text), summaryJson(summarize(tapeOf(text))))],
  ['legacy', 'rkyv', (text) => encodeLegacy(Buffer.from(text))],
  ['rkyv', 'rkyv', (text) => encodeRkyv(tapeOf(text))],
];

function documentText(bytes: Buffer, extension: Extension): string {
  const inspector = new Inspector(LIMITS, false);
  expect(inspector.inspect(bytes, bytes.length, extension).fault).toBe(null);
  return Buffer.from(inspector.document(bytes)).toString();
}

function splice(
  text: string,
  value: unknown,
  operation: 'face_detection' | 'ball_detection' = 'face_detection',
): string {
  const file = { path: 'x.json', bytes: Buffer.from(text), extension: 'json' as const };
  return spliceOperation(file, operation, valueText(value), LIMITS).toString();
}

describe('an existing value', () => {
  it.each([
    ['{"face_detection":1}', '{"face_detection":{"a":[1,2]}}'],
    ['{ "Face_detector" : [ 1, "]}" ] , "x":2 }', '{ "Face_detector" : {"a" : [1 , 2]} , "x":2 }'],
    [
      '{"face-detection":null,"face-detection":"\\"}","z":1e999}',
      '{"face-detection":null,"face-detection":{"a":[1,2]},"z":1e999}',
    ],
    ['{"face_detection":-1.5E+30}', '{"face_detection":{"a":[1,2]}}'],
    ['{"face_detection":2e-7 ,"x":1}', '{"face_detection":{"a":[1 ,2]} ,"x":1}'],
    ['{"face_detection":\r\n\tfalse\r\n}', '{"face_detection":\r\n\t{"a": [1, 2]}\r\n}'],
    // On a line that begins with another entry.
    ['{\n  "x": 1, "face_detection": 0\n}', '{\n  "x": 1, "face_detection": {"a": [1,2]}\n}'],
    ['{"a": 1.0, "f\\u0061ceDetection": {}}', '{"a": 1.0, "f\\u0061ceDetection": {"a": [1, 2]}}'],
    ['{"data":{"face_detection":7},"x":1}', '{"data":{"face_detection":{"a":[1,2]}},"x":1}'],
    [
      '{\n  "x": 1,\n  "face_detection": {\n    "old": true\n  },\n  "y": 2\n}\n',
      '{\n  "x": 1,\n  "face_detection": {\n    "a": [\n      1,\n      2\n    ]\n  },\n  "y": 2\n}\n',
    ],
    [
      '{\r\n\t"face_detection": 0\r\n}',
      '{\r\n\t"face_detection": {\r\n\t\t"a": [\r\n\t\t\t1,\r\n\t\t\t2\r\n\t\t]\r\n\t}\r\n}',
    ],
  ])('is replaced in %j', (before, after) => {
    expect(splice(before, { a: [1, 2] })).toBe(after);
  });

  it('is the one that the summary reads: the first spelling, the last of its duplicates', () => {
    const text = '{"Face_detector":{"count":1},"face_detection":{"count":2},"Face_detector":{"count":3}}';
    const after = splice(text, { count: 9 });
    expect(after).toBe(
      '{"Face_detector":{"count":1},"face_detection":{"count":2},"Face_detector":{"count":9}}',
    );
    expect(summarize(tapeOf(after)).detections).toBe(9);
  });
});

describe('a new entry', () => {
  it.each([
    ['{}', '{"face_detection":{"a":1,"b":[]}}'],
    [' { } \n', ' {"face_detection":{"a":1,"b":[]} } \n'],
    ['{"x":1}', '{"x":1,"face_detection":{"a":1,"b":[]}}'],
    ['{"x": 1,"y": 2}', '{"x": 1,"y": 2,"face_detection": {"a": 1,"b": []}}'],
    ['{"x":1, "y":2}', '{"x":1, "y":2, "face_detection":{"a":1, "b":[]}}'],
    ['{"x":1,"y":2}', '{"x":1,"y":2,"face_detection":{"a":1,"b":[]}}'],
    ['{"x":1\n,"y":2}', '{"x":1\n,"y":2\n,"face_detection":{"a":1,"b":[]}}'],
    ['{  "x": 1  }', '{  "x": 1,  "face_detection": {"a": 1,  "b": []}  }'],
    ['{\r\n  "x":1\r\n}', '{\r\n  "x":1,\r\n  "face_detection":{\r\n    "a":1,\r\n    "b":[]\r\n  }\r\n}'],
    [
      '\t{\n\t  "x": 1\n\t}',
      '\t{\n\t  "x": 1,\n\t  "face_detection": {\n\t    "a": 1,\n\t    "b": []\n\t  }\n\t}',
    ],
    ['{"x": 1}', '{"x": 1, "face_detection": {"a": 1, "b": []}}'],
    ['{"x": 1, "y": [1, 2]}\n', '{"x": 1, "y": [1, 2], "face_detection": {"a": 1, "b": []}}\n'],
    ['{\n  "x": 1\n}', '{\n  "x": 1,\n  "face_detection": {\n    "a": 1,\n    "b": []\n  }\n}'],
    [
      '{\n    "x" : 1\n    ,"y" : 2\n}',
      '{\n    "x" : 1\n    ,"y" : 2\n    ,"face_detection" : {\n        "a" : 1,\n        "b" : []\n    }\n}',
    ],
    [
      '  {\n    "x": 1\n  }',
      '  {\n    "x": 1,\n    "face_detection": {\n      "a": 1,\n      "b": []\n    }\n  }',
    ],
  ])('is added to %j', (before, after) => {
    expect(splice(before, { a: 1, b: [] })).toBe(after);
  });
});

const space = fc.stringMatching(/^[ \n\t]{0,3}$/);
const scalar = fc.oneof(
  fc.constantFrom(
    '1.0',
    '-0',
    '1e999',
    '12345678901234567890',
    'null',
    'true',
    '"\\ud800"',
    '"\\u0041\\n"',
    '{}',
    '[]',
  ),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.json({ maxDepth: 4 }),
);
const key = fc.oneof(
  fc.constantFrom(
    '"face_detection"',
    '"Face_detector"',
    '"sidecar_info"',
    '"data"',
    '"constructor"',
    '"__proto__"',
    '"a"',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => JSON.stringify(text)),
);
const entry = fc
  .tuple(space, key, space, space, scalar, space)
  .map((parts) => `${parts[0]}${parts[1]}${parts[2]}:${parts[3]}${parts[4]}${parts[5]}`);
const objectText = fc
  .tuple(space, fc.array(entry, { maxLength: 6 }), space)
  .map(
    ([before, entries, after]) => `${before}{${entries.length === 0 ? before : entries.join(',')}}${after}`,
  );
const value = fc.jsonValue({ maxDepth: 4 }).map((data) => JSON.parse(JSON.stringify(data)) as unknown);

describe.each(FORMS)('%s', (format, extension, encode) => {
  it('keeps every byte outside the value, and gives the value back', () => {
    fc.assert(
      fc.property(objectText, value, (text, data) => {
        const bytes = encode(text);
        const before = documentText(bytes, extension);
        const file = { path: 'x', bytes, extension };
        const spliced = spliceOperation(file, 'face_detection', valueText(data), LIMITS);
        const after = documentText(spliced, extension);
        expect(openDocument(file, LIMITS).format).toBe(format);

        const { tape } = openDocument({ ...file, bytes: spliced }, LIMITS);
        const stored = JSON.parse(
          Buffer.from(writeJson(tape, operationKey(tape, 'face_detection') + 1)).toString(),
        );
        expect(stored).toEqual(data);

        // A value that occurs nowhere else shows what precedes and what follows it.
        const marked = documentText(
          spliceOperation(file, 'face_detection', valueText(MARK), LIMITS),
          extension,
        );
        const [head, tail, ...more] = marked.split(JSON.stringify(MARK)) as [string, string];
        expect(more).toEqual([]);
        const added = head.replace(/\s*,?\s*"face_detection"\s*:\s*$/, '');
        if (before === added + tail) expect(tape.a(0)).toBe(openDocument(file, LIMITS).tape.a(0) + 1);
        else {
          expect(before.startsWith(head) && before.endsWith(tail)).toBe(true);
          JSON.parse(before.slice(head.length, before.length - tail.length));
        }
        expect(after.startsWith(head) && after.endsWith(tail)).toBe(true);

        const again = spliceOperation({ ...file, bytes: spliced }, 'face_detection', valueText(data), LIMITS);
        expect(again.equals(spliced)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('refuses a document that is not an object or cannot be read, with its path', () => {
    const array = { path: 'x', bytes: encode('[1]'), extension };
    expect(() => spliceOperation(array, 'face_detection', valueText({}), LIMITS)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_BAD_ARGUMENT',
        path: 'x',
        message: 'the sidecar is not an object, so nothing can be added to it',
        hint: 'move it away, or make it an object',
      }) as Error,
    );
    const cut = { path: 'x', bytes: encode('{"a":[1,2,3]}').subarray(0, -3), extension };
    expect(() => spliceOperation(cut, 'face_detection', valueText({}), LIMITS)).toThrow(
      expect.objectContaining({
        path: 'x',
        code: expect.stringMatching(/TRUNCATED|LENGTH|LAYOUT/) as string,
      }) as Error,
    );
  });

  it('refuses a value that would nest too deeply', () => {
    let deep: unknown = 1;
    for (let i = 0; i < LIMITS.maxDepth; i++) deep = [deep];
    const file = { path: 'x', bytes: encode('{"a":1}'), extension };
    expect(() => spliceOperation(file, 'face_detection', valueText(deep), LIMITS)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_TOO_DEEP',
        message: `arrays and objects are nested deeper than ${LIMITS.maxDepth}`,
      }) as Error,
    );
    expect(() => spliceOperation(file, 'face_detection', valueText([deep]), LIMITS)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_TOO_DEEP',
        message: `arrays and objects are nested deeper than ${LIMITS.maxDepth}`,
        hint: 'check the program that wrote it',
      }) as Error,
    );
    expect(() =>
      spliceOperation(file, 'face_detection', valueText((deep as unknown[])[0]), LIMITS),
    ).not.toThrow();
  });
});

function thrower(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe('a value', () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  it.each([
    ['undefined', undefined, 'the data is undefined'],
    ['an undefined property', { faces: [{ score: undefined }] }, "'score' in the data is undefined"],
    ['NaN', { score: Number.NaN }, "'score' in the data is NaN"],
    ['an infinity', [Number.NEGATIVE_INFINITY], "'0' in the data is -Infinity"],
    ['a BigInt', { n: 1n }, "'n' in the data is a BigInt"],
    ['a function', { f: () => 1 }, "'f' in the data is a function"],
    ['a map', { m: new Map([[1, 2]]) }, "'m' in the data is a Map or a Set"],
    ['a typed array', { box: new Float32Array(2) }, "'box' in the data is a typed array or a buffer"],
    ['a symbol', { s: Symbol('s') }, "'s' in the data is a symbol"],
    ['a Number object of NaN', [new Number(Number.NaN)], "'0' in the data is NaN"],
    ['a cycle', cyclic, 'the data holds itself'],
    [
      'an object whose toJSON throws a TypeError',
      { toJSON: thrower(new TypeError('no')) },
      'the data cannot be written as JSON',
    ],
    [
      'an object whose toJSON throws an Error',
      { toJSON: thrower(new Error('circular')) },
      'the data cannot be written as JSON',
    ],
  ])('that is %s is refused', (_name, data, problem) => {
    expect(() => valueText(data)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_BAD_ARGUMENT',
        message: `${problem}, which JSON cannot represent`,
        hint: 'use plain objects, arrays, strings, finite numbers, true, false and null',
      }) as Error,
    );
  });

  it('that is refused reports the error of its own code, and nothing else', () => {
    const thrown = new Error('no');
    expect(() => valueText({ toJSON: thrower(thrown) })).toThrow(
      expect.objectContaining({ cause: thrown }) as Error,
    );
    expect(() => valueText(undefined)).toThrow(
      expect.not.objectContaining({ cause: expect.anything() as unknown }) as Error,
    );
  });

  it('may contain Number objects, strings, true and null', () => {
    expect(valueText([new Number(1.5), 'x', true, null]).toString()).toBe('[1.5,"x",true,null]');
  });

  it('that nests deeper than JSON.stringify can go is too deep', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(() => valueText(deep)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_TOO_DEEP',
        message: 'arrays and objects are nested deeper than 1024',
        cause: expect.any(RangeError) as unknown,
      }) as Error,
    );
  });
});
