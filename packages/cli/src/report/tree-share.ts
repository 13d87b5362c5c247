// Not from node:fs/promises, which would be loaded for runs that show no progress.
import { promises } from 'node:fs';

/** The names in a folder, raw and in the order of the walk. */
interface Names {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Deeper than this a folder's part of the whole is too small to be seen. */
const LEVELS = 6;

/**
 * Which share of a tree a walk has behind it, by where it is and not by counting: each folder's share is split evenly among its folders, and
 * one more such part is its files. It looks only at the folders on the way to the place, so it costs nearly nothing, and is a guess.
 */
export class TreeShare {
  readonly #root: string;
  /** Of the last way, by raw path below the root. */
  #known = new Map<string, Names | null>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * @param cursor of a batch, as spec/sidecar/walk.md has it
   * @returns from 0 to 1
   */
  async at(cursor: string): Promise<number> {
    const path = Buffer.from(cursor, 'base64').toString('latin1');
    const parts = path === '/' ? [] : path.split('/').slice(0, LEVELS);
    const known = new Map<string, Names | null>();
    let [done, part, folder] = [0, 1, ''];
    for (const [level, name] of parts.entries()) {
      const names = this.#known.has(folder) ? this.#known.get(folder) : await this.#read(folder);
      known.set(folder, names ?? null);
      if (!names || name === '') break;
      const { files, folders } = names;
      const filesPart = files.length > 0 ? 1 : 0;
      part /= Math.max(1, folders.length + filesPart);
      if (level === path.split('/').length - 1) {
        done += (part * upTo(files, name)) / Math.max(1, files.length);
        break;
      }
      done += part * (filesPart + upTo(folders, name) - 1);
      folder += `${name}/`;
    }
    this.#known = known;
    return Math.min(1, Math.max(0, done));
  }

  /** Null where it cannot be read: then the share is only less exact. */
  async #read(folder: string): Promise<Names | null> {
    const path = Buffer.concat([Buffer.from(`${this.#root}/`), Buffer.from(folder, 'latin1')]);
    try {
      const entries = await promises.readdir(path, { encoding: 'latin1', withFileTypes: true });
      const seen = entries.filter(({ name }) => !name.startsWith('.tandem-'));
      const [folders, files] = [true, false].map((wanted) =>
        seen
          .filter((entry) => entry.isDirectory() === wanted)
          .map(({ name }) => name)
          .sort(),
      );
      return { files: files ?? [], folders: folders ?? [] };
    } catch {
      return null;
    }
  }
}

/** How many names do not come after this one. */
function upTo(names: readonly string[], name: string): number {
  const after = names.findIndex((other) => other > name);
  return after < 0 ? names.length : after;
}
