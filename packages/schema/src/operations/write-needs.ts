import { createHash } from 'node:crypto';
import { accessSync, constants, lstatSync, readFileSync } from 'node:fs';
import { type ErrorCode, type ErrorParams, TandemError } from '@tandem/engine';
import { newRun, toFsPath, writeAtomically, writeError } from '@tandem/files';
import type { Finding } from '@tandem/job';
import { tellFinding } from '../finding.ts';
import { missingLines } from '../infer/missing-lines.ts';
import { bomLength } from '../lexer/bom.ts';
import { readNeeds } from '../order/read-needs.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import type { Inferred } from './infer.ts';

/** The lines that were written into one file, or would be. */
export interface WrittenFile {
  /** Its label. */
  readonly file: string;
  /** The path as shown to users. */
  readonly path: string;
  /** Labels of the files that it requires from now on, in build order. */
  readonly requires: readonly string[];
}

/** What was written. */
export interface WrittenNeeds {
  readonly files: readonly WrittenFile[];
  /** Errors, in which case nothing was written; or warnings about the order. */
  readonly findings: readonly Finding[];
}

/** A file that will receive lines, checked but not written yet. */
interface Planned extends WrittenFile {
  readonly raw: string;
  readonly bytes: Buffer;
}

/**
 * Writes the needs of files as lines at their top, if a build would not have the proposed order without them.
 * Each file is written completely or not at all, and none is written before all of them have been found to be
 * unchanged since they were read, and not links.
 * @param files in the configured order
 * @throws {TandemError} ERR_TANDEM_CHANGED, ERR_TANDEM_UNWRITABLE, ERR_TANDEM_NO_SPACE, with the file
 */
export function writeNeeds(files: readonly SelectedFile[], inferred: Inferred, dryRun = false): WrittenNeeds {
  const { order, needs, digests, findings } = inferred;
  if (order === null) return { files: [], findings };
  const missing = missingLines(files, needs);
  const planned: Planned[] = [];
  const problems: Finding[] = [];
  for (const index of order.filter((each) => missing.has(each))) {
    const targets = order.filter((each) => missing.get(index)?.has(each));
    const file = files[index] as SelectedFile;
    const requires = targets.map((target) => (files[target] as SelectedFile).label);
    problems.push(
      ...requires.filter(isUnreadable).map((target) => problem('ERR_TANDEM_REQUIRES_NAME', file, { target })),
    );
    if (lstatSync(toFsPath(file.path)).isSymbolicLink()) {
      problems.push(problem('ERR_TANDEM_REQUIRES_LINK', file, { line: lineFor(requires.join(', ')) }));
    }
    const bytes = unchanged(file, digests[index] as string);
    planned.push({
      file: file.label,
      path: shownPath(file.path),
      raw: file.path,
      requires,
      bytes: withLines(bytes, requires),
    });
  }
  if (problems.length > 0) return { files: [], findings: problems };
  const run = newRun().id;
  for (const { raw, bytes } of dryRun ? [] : planned) writeAtomically(raw, bytes, { run });
  return { files: planned.map(({ file, path, requires }) => ({ file, path, requires })), findings };
}

function problem(code: ErrorCode, { path }: SelectedFile, params: ErrorParams): Finding {
  return tellFinding({ file: 0, code, offset: null, line: null, column: null, params }, path);
}

function lineFor(label: string): string {
  return `-- requires: ${label}`;
}

/** Whether a line that requires this label would be read as something else. */
function isUnreadable(label: string): boolean {
  const read = readNeeds(Buffer.from(lineFor(label)));
  return read.length !== 1 || read[0]?.target !== label;
}

/** The bytes of a file that is writable and unchanged since it was applied. */
function unchanged({ path }: SelectedFile, digest: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(toFsPath(path));
    // Renaming over the file would ignore its permissions; a read-only file is meant to stay as it is.
    accessSync(toFsPath(path), constants.W_OK);
  } catch (error) {
    throw writeError(error, path);
  }
  if (createHash('sha256').update(bytes).digest('hex') === digest) return bytes;
  throw new TandemError('ERR_TANDEM_CHANGED', { path: shownPath(path) });
}

/** The bytes with the lines at the top, after a byte order mark, and with the line endings of the file. */
function withLines(bytes: Buffer, requires: readonly string[]): Buffer {
  const from = bomLength(bytes);
  const feed = bytes.indexOf('\n');
  const end = feed > 0 && bytes[feed - 1] === 0x0d ? '\r\n' : '\n';
  const lines = requires.map((label) => `${lineFor(label)}${end}`).join('');
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(lines), bytes.subarray(from)]);
}
