import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { JOB_STEPS } from '@tandem/job';
import type { RowBatch } from '@tandem/native';
import { describe, expect, it } from 'vitest';
import { ConvertSource } from '../packages/sidecar/src/convert/convert-source.ts';
import { NativeConvert } from '../packages/sidecar/src/convert/native-convert.ts';
import type { ScanReport } from '../packages/sidecar/src/engines/requests.ts';
import { FACE, requestFor } from '../packages/sidecar/test/convert-fixture.ts';
import { stored } from '../packages/sidecar/test/convert-trees.ts';
import {
  addon,
  context,
  keptBatches,
  masked,
  newFolder,
  scanBatches,
  scanRequest,
} from '../packages/sidecar/test/scan-trees.ts';

/**
 * Paths around the longest that the system accepts (Linux: 4,095 bytes): an engine that opens files by
 * descriptor could continue where one that opens by path cannot.
 */

const LONGEST = 4095;
const REPORTS: readonly ScanReport[] = ['validate', 'stats', 'formats', 'export', 'orphans'];
const BIN = Buffer.from(stored(FACE, 'bin'), 'latin1');
const RKYV = Buffer.from(stored(FACE, 'rkyv'), 'latin1');

/** A folder whose path has exactly `length` bytes; `fill` writes its content by relative names. */
function deepRoot(length: number, fill: () => void): string {
  const root = newFolder();
  const start = process.cwd();
  try {
    process.chdir(root);
    for (let left = length - root.length; left > 0; ) {
      const name = 'd'.repeat(Math.min(left - 1, left > 300 ? 200 : 255));
      mkdirSync(name);
      process.chdir(name);
      left -= 1 + name.length;
    }
    fill();
  } finally {
    process.chdir(start);
  }
  return root;
}

/** Every kind of entry, with names of 20 to 32 bytes, below folders that leave room for only some of them. */
function everything(): void {
  for (let extra = 0; extra <= 12; extra += 1) {
    const stem = `${'x'.repeat(15 + extra)}`;
    writeFileSync(`${stem}.json`, FACE);
    writeFileSync(`${stem}.jpg`, '');
    symlinkSync(`${stem}.json`, `l${stem}.json`);
    symlinkSync('nowhere', `b${stem}.json`);
    symlinkSync('.', `f${stem}.json`);
    symlinkSync(`${stem}.jpg`, `l${stem}.jpg`);
    mkdirSync(`s${stem}`);
    writeFileSync(`s${stem}/a.json`, FACE);
    mkdirSync(`m${stem}.json`);
  }
}

function told(batches: readonly RowBatch[]) {
  return batches.map(({ rows, totals, ...rest }) => ({
    rows: masked(Buffer.from(rows).toString('latin1'))
      .replace(/d{100,}/g, 'd')
      .split('\n'),
    totals: masked(totals),
    ...rest,
    cursor: Buffer.from(rest.cursor, 'base64')
      .toString()
      .replace(/d{100,}/g, 'd'),
  }));
}

describe.skipIf(addon === null || process.platform !== 'linux')('both engines', () => {
  it.each(REPORTS)('give the same %s for files whose paths are too long', async (report) => {
    const request = scanRequest({ root: deepRoot(LONGEST - 27, everything), report });
    const native = told(await scanBatches(request, 'native'));
    expect(native).toEqual(told(await scanBatches(request, 'typescript')));
    if (report === 'validate') {
      const rows = native.flatMap((batch) => batch.rows);
      expect(rows.some((row) => row.includes('"is_valid":true'))).toBe(true);
      expect(rows.some((row) => row.includes('ERR_TANDEM_READ_FAILED'))).toBe(true);
      expect(rows.some((row) => row.includes('ERR_TANDEM_FOLDER_UNREADABLE'))).toBe(true);
    }
  });

  it.each(['bin', 'json', 'rkyv'] as const)('convert them to %s with the same rows', async (to) => {
    await expectSameConversion(to, LONGEST - 90, () => {
      everything();
      // Targets and namesakes that fit and that do not; sources whose staged file does not fit.
      for (let length = 50; length <= 90; length += 1) {
        writeFileSync(`${'w'.repeat(length - 4)}.bin`, BIN);
        writeFileSync(`${'y'.repeat(length - 4)}.bin`, BIN);
        writeFileSync(`${'y'.repeat(length - 4)}.rkyv`, RKYV);
        writeFileSync(`${'z'.repeat(length - 5)}.json`, FACE);
        writeFileSync(`${'z'.repeat(length - 5)}.rkyv`, RKYV);
      }
    });
  });

  it('convert names whose targets are too long with the same rows', async () => {
    const fill = (): void => {
      for (let length = 248; length <= 251; length += 1) writeFileSync(`${'n'.repeat(length)}.bin`, BIN);
    };
    const rows = await expectSameConversion('json', 0, fill);
    expect(rows).toContain('ERR_TANDEM_UNWRITABLE');
    expect(rows).toContain('"status\\":\\"converted');
  });
});

/** Converts the same tree on both engines, expects the same rows, and returns them. */
async function expectSameConversion(
  to: 'bin' | 'json' | 'rkyv',
  length: number,
  fill: () => void,
): Promise<string> {
  const batchesOf = async (native: boolean): Promise<string> => {
    const root = deepRoot(length, fill);
    const request = requestFor(root, to);
    const source =
      native && addon !== null
        ? new ConvertSource(request, JOB_STEPS, new NativeConvert(addon, request, context(2)))
        : new ConvertSource(request);
    return JSON.stringify(told(await keptBatches(source)), null, 1).replaceAll(root, '');
  };
  const native = await batchesOf(true);
  expect(native).toEqual(await batchesOf(false));
  return native;
}
