import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../files/test/store-files.ts';
import { entryPath, isEntry, type ManifestEntry, readHeader, readManifest } from '../src/store/manifest.ts';
import { QUARANTINE, runsOf } from '../src/store/quarantine.ts';

/**
 * What is read from a manifest, which any program may have written: spec/sidecar/cleanup.md, "Quarantine and manifest".
 */

const base = temporaryFolder();
let files = 0;
function fileWith(text: string): string {
  files += 1;
  const path = join(base, `manifest-${files}.jsonl`);
  writeFileSync(path, text);
  return path;
}

const HEADER = { tandem: 'quarantine', version: 1, run: '20260102T030405Z-0000' };
const ENTRY = { stored: '00000001.json', path: 'a/IMG.json', size: 3, sha256: '0'.repeat(64) };
const linesOf = (...lines: unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('a line of a manifest', () => {
  test('is a header, an entry, or a file that was not moved', () => {
    const notMoved = { stored: '00000001.json', not_moved: 'changed' };
    const lines = [...readManifest(fileWith(linesOf(HEADER, ENTRY, notMoved)))];
    expect(lines).toEqual([HEADER, ENTRY, notMoved]);
    expect(lines.map(isEntry)).toEqual([false, true, false]);
  });

  test.each([
    'x',
    null,
    1,
    'text',
    {},
    { ...ENTRY, stored: 1 },
    { ...ENTRY, stored: '../1.json' },
    { ...ENTRY, stored: '0000001.json' },
    { ...ENTRY, stored: '00000001.jpg' },
    { ...ENTRY, path: 1 },
    { ...ENTRY, size: 1.5 },
    { ...ENTRY, size: '3' },
    { ...ENTRY, sha256: '0'.repeat(63) },
    { ...ENTRY, sha256: undefined },
    { ...ENTRY, path_bytes: 1 },
    { ...ENTRY, path: '' },
    { ...ENTRY, path: '../IMG.json' },
    { ...ENTRY, path: '/IMG.json' },
    { ...ENTRY, path: 'a/./IMG.json' },
    { ...ENTRY, path: 'a//IMG.json' },
    { ...ENTRY, path: 'a/IMG.json\0' },
    { ...ENTRY, path_bytes: Buffer.from('../IMG.json').toString('base64') },
    { stored: '1.json', not_moved: 'changed' },
  ])('is null where it is none of these: %j', (line) => {
    const lines = [...readManifest(fileWith(`{"a":\n${linesOf(line, ENTRY)}`))];
    expect(lines).toEqual([null, null, ENTRY]);
    expect(isEntry(null)).toBe(false);
  });

  test('needs its line feed, wherever it is in the file', () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({
      ...ENTRY,
      path: `${'x'.repeat(n % 90)}/${n}.json`,
    }));
    const lines = many.map((entry) => ({ ...entry, path: entry.path.replace(/^\//, 'y/') }));
    const text = `\n${linesOf(...lines)}${JSON.stringify(ENTRY)}`;
    expect([...readManifest(fileWith(text))]).toEqual([null, ...lines]);
  });

  test('has the raw path', () => {
    expect(entryPath({ ...ENTRY, path: 'é' } as ManifestEntry)).toBe('\xc3\xa9');
    const path_bytes = Buffer.from('a\xff', 'latin1').toString('base64');
    expect(entryPath({ ...ENTRY, path_bytes } as ManifestEntry)).toBe('a\xff');
  });
});

describe('the header of a manifest', () => {
  test('is its first line, or null', () => {
    expect(readHeader(fileWith(linesOf(HEADER, ENTRY)))).toEqual(HEADER);
    for (const text of ['', '\n', linesOf(ENTRY, HEADER), JSON.stringify(HEADER)]) {
      expect(readHeader(fileWith(text))).toBe(null);
    }
    expect(readHeader(join(base, 'none'))).toBe(null);
    expect(readHeader(base)).toBe(null);
  });
});

describe('the runs of a quarantine', () => {
  function quarantineWith(headers: Readonly<Record<string, object | null>>): string {
    files += 1;
    const prefix = `${join(base, `tree-${files}`)}/`;
    for (const [run, header] of Object.entries(headers)) {
      const folder = `${prefix}${QUARANTINE}/${run}`;
      mkdirSync(folder, { recursive: true });
      if (header !== null)
        writeFileSync(`${folder}/manifest.jsonl`, linesOf({ tandem: 'quarantine', ...header }));
    }
    return prefix;
  }

  test('are ordered by their numbers, whatever their names and clocks say', () => {
    const prefix = quarantineWith({
      '20260101T000000Z-aaaa': { sequence: 3 },
      '20260102T000000Z-bbbb': { sequence: 10, created_at: '2020-01-01T00:00:00.000Z' },
      '20260103T000000Z-cccc': { sequence: 2, created_at: '2030-01-01T00:00:00.000Z' },
    });
    expect(runsOf(prefix).map((run) => run.slice(-4))).toEqual(['bbbb', 'aaaa', 'cccc']);
  });

  test('without a number are older than all others, ordered by time and then by name', () => {
    const prefix = quarantineWith({
      '20260105T000000Z-0001': { sequence: 1 },
      '20260101T000000Z-0002': null,
      '20260103T000000Z-0003': { created_at: '2026-01-01T00:00:00.500Z' },
      '20260102T000000Z-0005': { created_at: 5 },
      '20260102T000000Z-0004': null,
    });
    expect(runsOf(prefix).map((run) => run.slice(-4))).toEqual(['0001', '0005', '0004', '0003', '0002']);
  });

  test.each([0, -1, 1.5, '7', null, 2 ** 53, Number.MAX_SAFE_INTEGER])(
    'have no number for %j',
    (sequence) => {
      const prefix = quarantineWith({
        '20260102T000000Z-aaaa': { sequence },
        '20260101T000000Z-bbbb': { sequence: 1 },
      });
      expect(runsOf(prefix).map((run) => run.slice(-4))).toEqual(['bbbb', 'aaaa']);
    },
  );

  test('are none where there is no quarantine, nor a folder with the name of a run', () => {
    const prefix = quarantineWith({ '20260102T000000Z-xyz': {}, notes: {}, '20260102T000000Z-abcd': null });
    expect(runsOf(prefix)).toEqual(['20260102T000000Z-abcd']);
    expect(existsSync(join(base, 'none'))).toBe(false);
    expect(runsOf(`${join(base, 'none')}/`)).toEqual([]);
  });
});
