import type { ScratchDatabase } from '../database/scratch-database.ts';
import type { FileStatements } from './file-statements.ts';
import { inheritsPathAt } from './kept-meanings.ts';

/** A file that uses a search path different from the one in the configured order. */
export interface ChangedPath {
  /** Its index. */
  readonly file: number;
  /** The line of the first statement that uses it, from 1. */
  readonly line: number;
  readonly now: string;
  readonly before: string;
}

/**
 * The search path of the session, which persists from one file to the next. It is queried only if some file
 * sets it.
 */
export class SessionPaths {
  readonly #files: readonly FileStatements[];
  readonly #database: ScratchDatabase;
  readonly #hasSetters: boolean;
  #path: string | null = null;
  #first: string | null = null;
  /** The search path with which each file was applied, by file. */
  readonly #begun = new Map<number, string>();
  /** The search path to which a file changed it, by file. */
  readonly #left = new Map<number, string>();

  constructor(files: readonly FileStatements[], database: ScratchDatabase) {
    this.#files = files;
    this.#database = database;
    this.#hasSetters = files.some(setsPath);
  }

  /** Before a file is tried. */
  async before(file: number): Promise<void> {
    if (!this.#hasSetters) return;
    this.#path ??= await this.#shown();
    this.#first ??= this.#path;
    this.#begun.set(file, this.#path);
  }

  /** After a file succeeded. */
  async after(file: number): Promise<void> {
    if (!setsPath(this.#files[file] as FileStatements)) return;
    const path = await this.#shown();
    if (path !== this.#path) this.#left.set(file, path);
    this.#path = path;
  }

  /** In the configured order, after all files have succeeded. */
  changed(): ChangedPath[] {
    let path = this.#first;
    return this.#files.flatMap((statements, file) => {
      const before = path;
      const now = this.#begun.get(file);
      const line = inheritsPathAt(statements);
      path = this.#left.get(file) ?? path;
      const isSame = line === null || before === null || now === undefined || now === before;
      return isSame ? [] : [{ file, line, now, before }];
    });
  }

  async #shown(): Promise<string> {
    const [path = ''] = await this.#database.texts('SHOW search_path');
    return path;
  }
}

function setsPath({ definitions }: FileStatements): boolean {
  return definitions.some(({ how }) => how === 'path');
}
