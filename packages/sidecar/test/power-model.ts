import { type FileStep, folderOf, stemOf } from '@tandem/files';

/**
 * A power failure keeps synced data and may keep or lose anything else, in any order. So the log of the steps
 * is enough: before a file is removed or replaced, its replacement must be synced, bytes and name. Throws
 * where it is not.
 */
export class PowerModel {
  readonly #to: string;
  /** Files with bytes that may not be on the disk. */
  readonly #unwritten = new Set<string>();
  /** Of these, files that are still being written: no sync includes all of them. */
  readonly #writing = new Set<string>();
  /** Names that may not be on the disk. */
  readonly #unnamed = new Set<string>();
  readonly #targets = new Set<string>();
  /** What a running sync of a whole file system includes. */
  #taken: { readonly files: readonly string[]; readonly names: readonly string[] } | null = null;
  readonly removed: string[] = [];

  /** @param found targets of an earlier run: they may never have reached the disk */
  constructor(to: string, found: readonly string[] = []) {
    this.#to = to;
    for (const path of found)
      for (const set of [this.#unwritten, this.#unnamed, this.#targets]) set.add(path);
  }

  /** Targets whose bytes and names are on the disk. */
  get safe(): string[] {
    return [...this.#targets].filter((path) => this.#isSafe(path)).sort();
  }

  /** A step that ends before the next one begins. */
  take(step: FileStep): void {
    this.begin(step);
    this.end(step);
  }

  begin({ what, path, to = '' }: FileStep): void {
    if (what === 'write' || what === 'stage') {
      this.#unwritten.add(path);
      this.#writing.add(path);
    } else if (isNaming(what) && !isScratch(to)) {
      if (this.#unwritten.has(path)) throw new Error(`${to} gets its name before its bytes are on the disk`);
    } else if (what === 'unlink' && !isScratch(path)) this.#remove(path);
    else if (what === 'sync-system') {
      const files = [...this.#unwritten].filter((file) => !this.#writing.has(file));
      this.#taken = { files, names: [...this.#unnamed] };
    }
  }

  end({ what, path, to = '' }: FileStep): void {
    if (what === 'write' || what === 'stage') this.#writing.delete(path);
    else if (what === 'sync') this.#unwritten.delete(path);
    else if (what === 'sync-folder') this.#syncFolder(path);
    else if (what === 'sync-system') {
      for (const file of this.#taken?.files ?? []) this.#unwritten.delete(file);
      for (const name of this.#taken?.names ?? []) this.#unnamed.delete(name);
    } else if (isNaming(what) && !isScratch(to)) {
      this.#targets.add(to);
      this.#unnamed.add(to);
    }
  }

  #syncFolder(folder: string): void {
    for (const path of this.#unnamed) if (folderOf(path) === folder) this.#unnamed.delete(path);
  }

  #remove(path: string): void {
    if (!this.#isSafe(`${stemOf(path)}.${this.#to}`)) {
      throw new Error(`${path} is removed before its target is on the disk`);
    }
    this.removed.push(path);
  }

  #isSafe(path: string): boolean {
    return this.#targets.has(path) && !this.#unwritten.has(path) && !this.#unnamed.has(path);
  }
}

function isNaming(what: FileStep['what']): boolean {
  return what === 'link' || what === 'rename' || what === 'rename-new';
}

function isScratch(path: string): boolean {
  return path.includes('.tandem-');
}
