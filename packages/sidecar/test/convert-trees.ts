import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileSteps } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import { sameTokens, type Tape } from '@tandem/json';
import { expect } from 'vitest';
import { isFault } from '../src/fault.ts';
import { CODECS } from '../src/formats/codecs.ts';
import type { StoredFormat } from '../src/generated/formats.ts';
import type { ConvertRow, ConvertTotals } from '../src/generated/reports.ts';
import { type Extension, Inspector } from '../src/inspect.ts';
import { type ConvertOptions, convertBySteps } from '../src/operations/convert.ts';

export const LIMITS = { maxSize: 1 << 26, maxDepth: 1024 };

/** Every file of a tree by its path below the root; both in latin1, so that no name and no byte is lost. */
export type Tree = ReadonlyMap<string, string>;

export function makeTree(root: string, tree: Tree): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const [path, bytes] of tree) {
    mkdirSync(Buffer.from(dirname(`${root}/${path}`), 'latin1'), { recursive: true });
    writeFileSync(Buffer.from(`${root}/${path}`, 'latin1'), bytes, 'latin1');
  }
}

/** A whole document as it is stored in a format. */
export function stored(text: string, format: StoredFormat): string {
  const json = Buffer.from(text, 'latin1');
  const inspector = new Inspector(LIMITS, false);
  const { summary, fault } = inspector.inspect(json, json.length, 'json');
  if (summary === null) throw new Error(`the test's document is not right: ${fault?.message}`);
  const codec = CODECS[format];
  if (codec.holds === 'text') return codec.encode(json, () => summary).toString('latin1');
  const opened = inspector.open(json, json.length, 'json');
  if (isFault(opened)) throw new Error(opened.code);
  return codec.encode(opened.tape).toString('latin1');
}

/** The tape of a stored document; null if it is not whole. The tape owns its bytes. */
export function tapeOf(content: string, extension: Extension): Tape | null {
  const bytes = Buffer.from(content, 'latin1');
  const opened = new Inspector(LIMITS, false).open(bytes, bytes.length, extension);
  return isFault(opened) ? null : opened.tape;
}

/** The JSON text of a stored document, also from an archive; null if the document is not completely valid. */
export function textOf(content: string, extension: Extension): string | null {
  const bytes = Buffer.from(content, 'latin1');
  const inspector = new Inspector(LIMITS, false);
  const { fault } = inspector.inspect(bytes, bytes.length, extension);
  return fault === null ? Buffer.from(inspector.document(bytes)).toString('latin1') : null;
}

export interface Converted {
  readonly rows: readonly ConvertRow[];
  readonly totals: ConvertTotals;
  readonly stoppedBy: string | null;
}

/** A run in this process, by default on the TypeScript engine; checks its counts against its rows. */
export async function converted(
  options: Omit<ConvertOptions, 'layout'>,
  steps: FileSteps = JOB_STEPS,
): Promise<Converted> {
  const report = await convertBySteps({ engine: 'typescript', ...options, layout: 'ndjson' }, steps);
  const rows: ConvertRow[] = [];
  try {
    for await (const row of report.rows()) rows.push(row);
  } catch (error) {
    if (error !== report.stoppedBy) throw error;
  }
  const { totals } = report;
  const count = (status: string): number => rows.filter((row) => row.status === status).length;
  const skipped = Object.values(totals.skipped).reduce((sum, one) => sum + one, 0);
  expect(totals.items).toBe(rows.length);
  expect(totals.items).toBe(totals.converted + skipped + totals.failed);
  expect([totals.converted, skipped, totals.failed]).toEqual([
    count('converted') + count('would_convert'),
    count('skipped'),
    count('failed'),
  ]);
  return { rows, totals, stoppedBy: report.stoppedBy?.code ?? null };
}

/** Whether the tree has the same content in at least one of the forms of a document. */
export function isWholeSomewhere(tree: Tree, stem: string, original: Tape, text: string): boolean {
  return (['json', 'bin', 'rkyv'] as const).some((extension) => {
    const content = tree.get(`${stem}.${extension}`);
    if (content === undefined || textOf(content, extension) === null) return false;
    const tape = tapeOf(content, extension);
    if (tape === null || !sameTokens(original, tape)) return false;
    return extension === 'rkyv' || textOf(content, extension) === text || text === '';
  });
}
