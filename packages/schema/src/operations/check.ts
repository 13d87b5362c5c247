import { LIMITS, type RunOptions, type Selection, TandemError } from '@tandem/engine';
import { type Finding, findingOf } from '@tandem/job';
import { createdTwice, type FileDefinition } from '../definitions/created-twice.ts';
import { runJoin } from '../join/join-run.ts';
import { neededOrder } from '../order/needed-order.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import { parseCheck } from './parse-check.ts';

export interface CheckOptions extends RunOptions {
  /** Maximum size of all files together, in bytes; default 2 GiB. */
  readonly maxSize?: number;
  /**
   * Also run PostgreSQL's own parser (libpg-query), which takes about 0.2 ms for a file of 2 kB. It checks
   * the syntax, and distinguishes functions by their types.
   */
  readonly parse?: boolean;
}

/** The result of a check. */
export interface CheckReport {
  readonly files: number;
  /** The number of bytes that were read. */
  readonly bytes: number;
  readonly errors: number;
  readonly warnings: number;
  /** By file in build order, then by position. */
  readonly findings: readonly Finding[];
  /** The engine that inspected the files. */
  readonly selection: Selection;
  readonly seconds: number;
}

/**
 * Inspects every file without a database: whether it is UTF-8, and its SQL as PostgreSQL and psql split it
 * into tokens (spec/schema/lexer.md).
 */
export async function checkSelected(
  files: readonly SelectedFile[],
  options: CheckOptions = {},
): Promise<CheckReport> {
  const maxSize = options.maxSize ?? LIMITS.maxSchemaSize;
  const wishes = { text: true, lex: true, definitions: true, maxSize };
  const joined = await runJoin(files, wishes, options, () => undefined);
  const { selection, seconds } = joined;
  const ordered = orderToCheck(files, joined.needs);
  const findings = [...joined.findings, ...ordered.findings];
  // An open construct is enough of a finding; the parser would only report it again.
  const parse = options.parse && !findings.some(({ severity }) => severity === 'error');
  findings.push(
    ...(parse
      ? await parseCheck(ordered.files, options.signal)
      : createdTwice(files, inOrder(joined.definitions, files, ordered.files))),
  );
  sortByPlace(findings, ordered.files);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const bytes = joined.files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    files: files.length,
    bytes,
    errors,
    warnings: findings.length - errors,
    findings,
    selection,
    seconds,
  };
}

/** The files in build order; or, if they cannot be ordered, the files unchanged and the reason. */
function orderToCheck(
  files: readonly SelectedFile[],
  needs: readonly number[],
): { readonly files: readonly SelectedFile[]; readonly findings: readonly Finding[] } {
  try {
    return { files: neededOrder(files, needs) ?? files, findings: [] };
  } catch (error) {
    if (!TandemError.isTandemError(error)) throw error;
    return { files, findings: [findingOf(error)] };
  }
}

/** What statements create, in build order. */
function inOrder(
  definitions: readonly FileDefinition[],
  files: readonly SelectedFile[],
  ordered: readonly SelectedFile[],
): readonly FileDefinition[] {
  if (ordered === files) return definitions;
  const places = placesOf(ordered, ({ path }) => path);
  const place = files.map(({ path }) => places.get(path) as number);
  return definitions.toSorted((one, other) => (place[one.file] as number) - (place[other.file] as number));
}

/** Sorts by file in build order, then by position. */
function sortByPlace(findings: Finding[], files: readonly SelectedFile[]): void {
  if (findings.length < 2) return;
  const places = placesOf(files, ({ path }) => shownPath(path));
  const place = ({ path }: Finding): number => places.get(path) ?? files.length;
  findings.sort((one, other) => place(one) - place(other) || (one.offset ?? 0) - (other.offset ?? 0));
}

function placesOf(
  files: readonly SelectedFile[],
  name: (file: SelectedFile) => string,
): ReadonlyMap<string, number> {
  return new Map(files.map((file, index) => [name(file), index]));
}
