import { LIMITS, type RunOptions } from '@tandem/engine';
import { throwFirst } from '../finding.ts';
import { type JoinedFile, runJoin } from '../join/join-run.ts';
import type { Separator } from '../join/separator.ts';
import { beginTwoPass } from '../operations/joined-body.ts';
import type { ResolvedNeed } from '../order/need.ts';
import { saidNeeds } from '../order/needed-order.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { type SourceMap, sourceMapOf } from '../source-map/source-map.ts';
import type { CutFile } from '../two-pass/passed-file.ts';
import { type FileStatements, readStatements } from './file-statements.ts';

/** A file in the form in which it is applied. */
export interface TrialFile {
  /** The text as in a build; without the foreign keys that a two-pass build moves. */
  readonly text: Buffer;
  /** Maps positions of the text to those of the file. */
  readonly map: SourceMap;
  readonly statements: FileStatements;
}

/** All files, read once. */
export interface ReadFiles {
  readonly files: readonly TrialFile[];
  /** The needs that their lines declare. */
  readonly said: readonly ResolvedNeed[];
  /** SHA-256 of each file, in hex. */
  readonly digests: readonly string[];
}

/** Files are applied one by one, so no separator is needed. */
const NO_SEPARATOR: Separator = { pieces: [], label: (path) => path };

/**
 * Reads files as a build does.
 * @throws {TandemError} what prevents a file from being read, or an unclosed comment or quote in it;
 *   ERR_TANDEM_REQUIRES_MISSING
 */
export async function readTrialFiles(
  selected: readonly SelectedFile[],
  {
    maxSize = LIMITS.maxSchemaSize,
    twoPass = false,
    ...options
  }: RunOptions & { readonly maxSize?: number; readonly twoPass?: boolean },
): Promise<ReadFiles> {
  const parts: Buffer[] = [];
  const wishes = { text: true, lex: true, lines: true, digests: true, maxSize };
  const joined = await runJoin(selected, wishes, options, (rows, told) => {
    let at = 0;
    for (const { rows: length } of told) {
      // The rows are valid only until the next batch.
      parts.push(Buffer.from(rows.subarray(at, at + length)));
      at += length;
    }
  });
  throwFirst(joined.findings);
  const said = saidNeeds(selected, joined.needs);
  const passes = twoPass ? await beginTwoPass(NO_SEPARATOR) : null;
  const files: TrialFile[] = [];
  for (const [index, part] of parts.entries()) {
    // Splitting texts into statements blocks the thread; an abort signal is delivered only between two files.
    if (index % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
    const text = passes === null ? part : Buffer.from(passes.file(part, ''));
    const cut = passes?.cutFiles.get(index);
    const map = mapOf(selected[index] as SelectedFile, joined.files[index] as JoinedFile, cut);
    files.push({ text, map, statements: readStatements(part) });
  }
  return { files, said, digests: joined.digests };
}

function mapOf(file: SelectedFile, joined: JoinedFile, cut: CutFile | undefined): SourceMap {
  const cutFiles = new Map(cut === undefined ? [] : [[0, cut]]);
  return sourceMapOf({
    ...{ bodySha256: '', headerLines: 0, separatorLines: 0, files: [file], joined: [joined] },
    passes: { cutFiles, addedKeys: [] },
  });
}
