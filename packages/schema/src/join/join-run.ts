import { type RunOptions, type Selection, TandemError } from '@tandem/engine';
import { type Finding, tandemHost } from '@tandem/job';
import type { FileDefinition } from '../definitions/created-twice.ts';
import type { Definition } from '../definitions/definition.ts';
import { tellFinding } from '../finding.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { joinOperation } from './join-operation.ts';
import type { JoinTotals } from './join-totals.ts';

/** What a join should do; what is not requested is not done. */
export interface JoinWishes {
  readonly pieces?: readonly string[];
  readonly text?: boolean;
  /** Inspect the SQL; requires `text`. */
  readonly lex?: boolean;
  /** Count the lines of each file. */
  readonly lines?: boolean;
  readonly digests?: boolean;
  /** Report what statements create; requires `lex`. */
  readonly definitions?: boolean;
  /** Maximum size of all files together, in bytes. */
  readonly maxSize: number;
}

/** What a join reports about one file. */
export interface JoinedFile {
  readonly bytes: number;
  /** The number of lines that it adds after its separator. */
  readonly lines: number;
  /** The bytes of the rows that belong to it: separator, content, end. */
  readonly rows: number;
}

/** The totals of a join. */
export interface Joined {
  /** The engine that ran the join, or continued it. */
  readonly selection: Selection;
  readonly seconds: number;
  readonly files: readonly JoinedFile[];
  /** SHA-256 in hex, one for each file that was read; requires `digests`. */
  readonly digests: readonly string[];
  /** Indices of files that may declare what they require. */
  readonly needs: readonly number[];
  /** Requires `definitions`. */
  readonly definitions: readonly FileDefinition[];
  readonly findings: readonly Finding[];
}

const NO_WISHES = { pieces: [], text: false, lex: false, lines: false, digests: false, definitions: false };

/**
 * Joins files in their order.
 * @param take receives the bytes part by part, with the files that they belong to; each part is valid until
 *   the next one
 * @throws {TandemError} ERR_TANDEM_TOO_MUCH_INPUT, and what EngineHost.stream throws
 */
export async function runJoin(
  files: readonly SelectedFile[],
  wishes: JoinWishes,
  options: RunOptions,
  take: (rows: Uint8Array, files: readonly JoinedFile[]) => void,
): Promise<Joined> {
  const request = {
    ...NO_WISHES,
    ...wishes,
    paths: files.map(({ path }) => path),
    labels: files.map(({ label }) => label),
    after: '',
  };
  const joined = {
    files: [] as JoinedFile[],
    digests: [] as string[],
    needs: [] as number[],
    definitions: [] as FileDefinition[],
    findings: [] as Finding[],
  };
  const began = performance.now();
  const stream = tandemHost().stream(joinOperation, request, options);
  let bytes = 0;
  for await (const batch of stream) {
    bytes += batch.bytes;
    if (bytes > wishes.maxSize) {
      throw new TandemError('ERR_TANDEM_TOO_MUCH_INPUT', { params: { limit: wishes.maxSize } });
    }
    const totals = JSON.parse(batch.totals) as JoinTotals;
    const told = joinedFiles(totals.files);
    joined.files.push(...told);
    joined.digests.push(...totals.digests);
    joined.needs.push(...totals.needs);
    pushDefinitions(joined.definitions, totals.definitions);
    for (const finding of totals.findings) {
      joined.findings.push(tellFinding(finding, (files[finding.file] as SelectedFile).path));
    }
    take(batch.rows, told);
  }
  return { ...joined, selection: stream.selection, seconds: (performance.now() - began) / 1000 };
}

function joinedFiles(numbers: readonly number[]): JoinedFile[] {
  const files: JoinedFile[] = [];
  for (let at = 0; at < numbers.length; at += 3) {
    files.push({
      bytes: numbers[at] as number,
      lines: numbers[at + 1] as number,
      rows: numbers[at + 2] as number,
    });
  }
  return files;
}

function pushDefinitions(definitions: FileDefinition[], told: readonly (string | number)[]): void {
  for (let at = 0; at < told.length; at += 7) {
    const [file, offset, how, kind, schema, name, detail] = told.slice(at, at + 7) as [
      number,
      number,
      Definition['how'],
      string,
      string,
      string,
      string,
    ];
    definitions.push({ file, offset, how, kind, schema, name, detail });
  }
}
