import { type RunOptions, type Selection, TandemError } from '@tandem/engine';
import { tandemHost } from '@tandem/job';
import type { FileDefinition } from '../definitions/created-twice.ts';
import type { Definition } from '../definitions/definition.ts';
import { type Finding, tellFinding } from '../finding.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { joinOperation } from './join-operation.ts';
import type { JoinTotals } from './join-totals.ts';

/** What a join is asked for; what is not asked for is not done. */
export interface JoinWishes {
  readonly pieces?: readonly string[];
  readonly text?: boolean;
  /** Look into the SQL; with `text` only. */
  readonly lex?: boolean;
  /** Count the lines of each file. */
  readonly lines?: boolean;
  readonly digests?: boolean;
  /** Tell what statements create; with `lex` only. */
  readonly definitions?: boolean;
  /** Bytes of all files together. */
  readonly maxSize: number;
}

/** What a join was told of one file. */
export interface JoinedFile {
  readonly bytes: number;
  /** That it adds behind its separator. */
  readonly lines: number;
  /** Bytes of the rows that are its own: separator, content, end. */
  readonly rows: number;
}

/** What a join adds up to. */
export interface Joined {
  /** The engine that did it, or went on with it. */
  readonly selection: Selection;
  readonly seconds: number;
  readonly files: readonly JoinedFile[];
  /** SHA-256 in hex, one a file that was read; with `digests` only. */
  readonly digests: readonly string[];
  /** Files that may say what they require. */
  readonly needs: readonly number[];
  /** With `definitions` only. */
  readonly definitions: readonly FileDefinition[];
  readonly findings: readonly Finding[];
}

const NO_WISHES = { pieces: [], text: false, lex: false, lines: false, digests: false, definitions: false };

/**
 * Joins files in their order.
 * @param take is given the bytes, part by part, and the files that they are of; each stands until the next one
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
