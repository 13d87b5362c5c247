import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileReader } from '../src/file-reader.ts';
import { type Change, changeMeanwhile } from './meanwhile.ts';

const BUFFER = 64 * 1024 - 1;
const MAX = 1_000_000;

function fileOf(size: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-reader-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'x.sql');
  writeFileSync(path, 'x'.repeat(size));
  // Otherwise a change might fall into the clock tick in which it was made.
  utimesSync(path, 1000, 1000);
  return path;
}

/** The code of the fault, or the bytes. */
function read(reader: FileReader, path: string): string | Buffer {
  const fault = reader.read(path);
  reader.close();
  return fault?.code ?? Buffer.from(reader.bytes.subarray(0, reader.length));
}

describe('a steady reader', () => {
  const large = [BUFFER, BUFFER + 1, 500_000];
  const changes: readonly [Change, number][] = [
    ['append', 1],
    ['empty', 1],
    ['overwrite', 1],
    ['append', 2],
    ['overwrite', 2],
  ];

  it.each(large.flatMap((size) => changes.map((change) => [size, ...change] as const)))(
    'refuses a file of %i bytes that another program changes (%s) before read %i',
    (size, change, number) => {
      const path = fileOf(size);
      changeMeanwhile(change, number);
      expect(read(new FileReader(MAX, { steady: true }), path)).toBe('ERR_TANDEM_CHANGED');
    },
  );

  it('is needed to detect the change', () => {
    const path = fileOf(500_000);
    changeMeanwhile('overwrite', 1);
    expect(read(new FileReader(MAX), path).length).toBe(500_000);
  });

  it.each([1, 2000, BUFFER, 500_000])(
    'takes a file of %i bytes that changed before the first read as it is now',
    (size) => {
      const path = fileOf(size);
      changeMeanwhile('overwrite', 0);
      const bytes = read(new FileReader(MAX, { steady: true }), path);
      expect([bytes.length, bytes[0]]).toEqual([size, '-'.charCodeAt(0)]);
    },
  );

  it('reads a small file again if it grows during the read', () => {
    const path = fileOf(2000);
    changeMeanwhile('append', 1);
    expect(read(new FileReader(MAX, { steady: true }), path).toString()).toBe(`${'x'.repeat(2000)} `);
  });

  it('reads files of every size whole, one after another', () => {
    const reader = new FileReader(MAX, { steady: true });
    let total = 0;
    for (const size of [0, 1, BUFFER - 1, BUFFER, BUFFER + 1, 7, 500_000, 400_000, 600_000, 0]) {
      expect(read(reader, fileOf(size)).toString()).toBe('x'.repeat(size));
      total += size;
      expect(reader.total).toBe(total);
    }
    const fault = new FileReader(200_000, { steady: true }).read(fileOf(200_001));
    expect(fault).toMatchObject({
      code: 'ERR_TANDEM_TOO_LARGE',
      params: { size: 200_001, limit: 200_000 },
    });
  });

  it.skipIf(process.platform === 'win32')('reports a folder and a missing file', () => {
    const reader = new FileReader(MAX, { steady: true });
    expect(read(reader, tmpdir())).toBe('ERR_TANDEM_NOT_A_FILE');
    expect(read(reader, join(tmpdir(), 'tandem', 'nothing'))).toBe('ERR_TANDEM_NOT_FOUND');
  });
});
