import { execFileSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import type { RowBatch } from '@tandem/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScanReport, ScanRequest } from '../packages/sidecar/src/engines/requests.ts';
import { encodeBin } from '../packages/sidecar/src/formats/bin.ts';
import { encodeLegacy } from '../packages/sidecar/src/formats/legacy.ts';
import { encodeRkyv } from '../packages/sidecar/src/formats/rkyv.ts';
import { summaryJson } from '../packages/sidecar/src/formats/summary-block.ts';
import { Inspector } from '../packages/sidecar/src/inspect.ts';
import {
  addon,
  bytesOf,
  link,
  masked,
  newFolder,
  plant,
  raw,
  scanBatches,
  scanRequest,
} from '../packages/sidecar/test/scan-trees.ts';

/**
 * Every report over random trees, on both engines: rows, totals and cursors must agree batch by batch, except
 * for the fields that spec/sidecar/reports.json marks volatile. Runs where the addon is built; otherwise
 * there is nothing to compare.
 */

const REPORTS: readonly ScanReport[] = ['validate', 'stats', 'formats', 'export', 'orphans'];
const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 25);

const inspector = new Inspector({ maxSize: 1 << 20, maxDepth: 64 }, true);

function sealed(text: string): Buffer {
  const bytes = Buffer.from(text);
  const { summary } = inspector.inspect(bytes, bytes.length, 'json');
  return summary === null ? bytes : encodeBin(bytes, summaryJson(summary));
}

function archived(text: string): Buffer {
  const bytes = Buffer.from(text);
  const opened = inspector.open(bytes, bytes.length, 'json');
  return 'code' in opened ? bytes : encodeRkyv(opened.tape);
}

const names = fc.constantFrom(
  ...[
    'IMG_1',
    'img_1',
    'IMG_1.jpg',
    'a',
    'A',
    'é',
    'e\u0301',
    'É',
    '\u212a',
    'k',
    'x y',
    '"',
    '\\',
    '\n',
    '\ufeff',
    '\u2028',
    '😀',
  ].map(raw),
  '\xff',
  'a\xe9',
  '\xed\xa0\x80',
  '\xf0\x9f\x98',
);
const extensions = fc.constantFrom(
  '.json',
  '.JSON',
  '.bin',
  '.rkyv',
  '.jpg',
  '.JPG',
  '.jxl',
  '.xyz',
  '.txt',
  '',
);
const special = fc.constantFrom('._x.json', '.DS_Store', '@eaDir', '.tandem-x.json', '.json', '.jpg');
const name = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(names, extensions).map(([stem, extension]) => stem + extension) },
  { weight: 1, arbitrary: special },
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

const key = fc.constantFrom(
  ...[
    'sidecar_info',
    'operation_type',
    'face_detection',
    'Ball-Detector',
    'unified',
    'data',
    'result',
    'detection',
    'count',
    'faces',
    'tool_name',
    'model',
  ],
  ...[
    'success',
    'processing_time',
    'created_at',
    'last_updated',
    'image_path',
    'metadata',
    'enabled',
    'min_size',
    'score',
    'objects',
    'shapes',
    'imagePath',
    'x',
    'constructor',
    '__proto__',
  ],
);
const text = fc.oneof(
  fc.constantFrom(
    'face_detection',
    'YoloV8',
    'IMG_1.jpg',
    '..\\a.jpg',
    'a/a.jpg',
    '\ud800',
    '\udc00\ud800',
    'a,"b"\r\n',
    '',
  ),
  fc.string({ maxLength: 6, unit: 'binary' }),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom('3.0', '-0', '1e999', '1E-7', '9007199254740993', '0.1', '2e0'),
);
/** JSON text, not values: the spelling of a number and duplicate keys are part of it. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text.map((content) => JSON.stringify(content)),
    number.map((content) =>
      typeof content === 'string' ? content : String(Number.isFinite(content) ? content : 0),
    ),
    fc.constantFrom('true', 'false', 'null'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map(objectText),
  ),
}));
const object = fc.array(fc.tuple(key, value), { maxLength: 7 }).map(objectText);

function objectText(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, content]) => `${JSON.stringify(name)}:${content}`).join(',\n')}}`;
}

const document = fc.oneof({ weight: 4, arbitrary: object }, { weight: 1, arbitrary: value });
const content = fc.oneof(
  { weight: 4, arbitrary: document.map((json) => Buffer.from(json)) },
  { weight: 1, arbitrary: document.map((json) => encodeLegacy(Buffer.from(json))) },
  { weight: 1, arbitrary: document.map(sealed) },
  { weight: 1, arbitrary: document.map(archived) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('', '{', ' ', '\ufeff{}', '{"a":1}\0\0', 'what?', '[01]')
      .map((json) => Buffer.from(json)),
  },
);
/** Some are cut, and some have a wrong byte. */
const file = fc
  .tuple(content, fc.option(fc.tuple(fc.nat(), fc.nat(255), fc.boolean()), { freq: 4 }))
  .map(([bytes, damage]) => {
    if (damage === null || bytes.length === 0) return bytes;
    const [at, byte, isCut] = damage;
    if (isCut) return bytes.subarray(0, at % bytes.length);
    const spoilt = Buffer.from(bytes);
    spoilt[at % bytes.length] = byte;
    return spoilt;
  });

type Entry = { readonly path: string } & (
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly time: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'pipe' | 'folder' }
);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('file' as const),
      path,
      bytes: file,
      time: fc.integer({ min: -1e9, max: 4e9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      path,
      target: fc.oneof(path, fc.constantFrom('.', '..', 'no\xff')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('pipe' as const, 'folder' as const), path }) },
);
const tree = fc.array(entry, { maxLength: 40, size: 'max' });

const options = fc.record({
  lint: fc.boolean(),
  withDocument: fc.boolean(),
  operation: fc.constantFrom('', '', 'face_detection', 'unknown'),
  separator: fc.constantFrom(',\n' as const, '\n' as const, '\r\n' as const),
  maxSize: fc.constantFrom(1 << 20, 100),
  maxDepth: fc.constantFrom(64, 2),
});

function build(entries: readonly Entry[]): string {
  const root = newFolder();
  for (const [index, one] of entries.entries()) {
    try {
      if (one.kind === 'file') {
        plant(root, { [one.path]: one.bytes });
        utimesSync(bytesOf(`${root}/${one.path}`), 0, one.time + 0.123);
      } else if (one.kind === 'link') link(root, one.path, one.target);
      else if (one.kind === 'folder') plant(root, { [`${one.path}/`]: '' });
      else execFileSync('mkfifo', [`${root}/pipe-${index}.json`]);
    } catch {
      // A file has the name of a folder in this path, or the path leads through a link.
    }
  }
  return root;
}

function shown({ rows, totals, ...rest }: RowBatch) {
  return { rows: masked(Buffer.from(rows).toString('latin1')), totals: masked(totals), ...rest };
}

async function expectSame(request: ScanRequest): Promise<void> {
  const typescript = await scanBatches(request, 'typescript');
  const native = await scanBatches(request, 'native');
  expect(native.map(shown)).toEqual(typescript.map(shown));
}

describe.skipIf(addon === null)('both engines', () => {
  it.each(REPORTS)('give the same %s for any tree', async (report) => {
    await fc.assert(
      fc.asyncProperty(tree, options, async (entries, given) => {
        const root = build(entries);
        await expectSame(scanRequest({ ...given, root, report }));
      }),
      { numRuns: RUNS },
    );
  });

  it.each(REPORTS)('give the same %s for any list', async (report) => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(path, { maxLength: 10 }), options, async (entries, others, given) => {
        const root = build(entries);
        const paths = [...entries.map((one) => one.path), ...others, 'a//b.json', 'a/', ''];
        await expectSame(scanRequest({ ...given, report, list: paths.map((path) => `${root}/${path}`) }));
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it.each(REPORTS)('cut a large tree into the same batches for %s, and resume after them', async (report) => {
    const root = newFolder();
    const files: Record<string, string> = {};
    for (let i = 0; i < 2600; i++) {
      const folder = i < 1100 ? 'one/' : `${i % 700}/`;
      files[`${folder}${i}.json`] = `{"face_detection":{"processing_time":${i / 7},"count":${i}}}`;
      if (i % 3 === 0) files[`${folder}${i}.JPG`] = '';
    }
    plant(root, files);
    const request = scanRequest({ root, report });
    await expectSame(request);
    const batches = await scanBatches(request, 'typescript');
    for (const { cursor } of batches.slice(report === 'stats' ? 0 : -3))
      await expectSame({ ...request, after: cursor });
  });
});
