import type { RunOptions } from '@tandem/engine';
import { AtomicFile, folderOf, newRun, sweepScratch } from '@tandem/files';
import { schemaHost } from '../engines/host.ts';
import { ExistingFile } from '../output/existing-file.ts';
import { makeFoldersAbove } from '../output/make-folders.ts';
import { outputError } from '../output/output-error.ts';
import { outputTarget } from '../output/output-target.ts';
import { exchangeOperation } from './exchange-operation.ts';

/** The file that a watch writes again and again, whole each time. */
export class WatchedOutput {
  readonly #path: string;
  /** As it was written last; it says all that is in the file: the hash of the body, the number of files. */
  #header: Buffer | null = null;

  readonly #run: RunOptions;

  /** @param path raw and absolute */
  constructor(path: string, run: RunOptions) {
    this.#path = path;
    this.#run = run;
  }

  /**
   * Puts header and body in its place, unless they are there already. Without syncs: the next change is not far.
   * @throws {TandemError} as SchemaFile
   */
  write(header: Buffer, body: Iterable<Uint8Array>, length: number): 'written' | 'unchanged' {
    const isFirst = this.#header === null;
    if (this.#header?.equals(header)) return 'unchanged';
    this.#header = null;
    makeFoldersAbove(this.#path);
    const target = outputTarget(this.#path);
    if (isFirst) sweepScratch(folderOf(target));
    const isSame = isFirst && hasAlready(target, header, body, length);
    if (!isSame) this.#replace(target, header, body);
    this.#header = header;
    return isSame ? 'unchanged' : 'written';
  }

  #replace(target: string, header: Buffer, body: Iterable<Uint8Array>): void {
    try {
      const exchange = (one: string, other: string): boolean =>
        schemaHost().call(exchangeOperation, { one, other }, this.#run);
      const file = new AtomicFile(target, { run: newRun().id, volatile: true, exchange });
      file.write(header);
      for (const run of body) file.write(run);
      file.commit();
    } catch (error) {
      throw outputError(error, this.#path);
    }
  }
}

/** Whether the file has these bytes; asked once, since from then on nobody else should write it. */
function hasAlready(path: string, header: Buffer, body: Iterable<Uint8Array>, length: number): boolean {
  const existing = ExistingFile.open(path);
  if (existing === null) return false;
  try {
    if (!existing.endsAt(header.length + length) || !existing.has(header, 0)) return false;
    let at = header.length;
    for (const run of body) {
      if (!existing.has(run, at)) return false;
      at += run.length;
    }
    return true;
  } finally {
    existing.close();
  }
}
