import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { passedOver, rootPrefix, toFsPath, visitEntries } from '@tandem/files';

/** Folders that are listed between two turns of the event loop. */
const FOLDERS_A_TURN = 16;

/**
 * The files that links in the walked folders lead to, whatever the names of the links and however many other
 * links are between: all of them must be known before the first file loses its name. Memory holds the names
 * of the folders still to be listed.
 */
export class LinkedFiles {
  readonly #files = new Set<string>();

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  has({ device, inode }: { readonly device: bigint; readonly inode: bigint }): boolean {
    return !this.isEmpty && this.#files.has(`${device}:${inode}`);
  }

  /** @param isCancelled ends it early */
  async find(root: string, isCancelled: () => boolean): Promise<void> {
    const folders = [rootPrefix(root)];
    let listed = 0;
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      if (listed++ % FOLDERS_A_TURN === 0) await setImmediate();
      if (isCancelled()) return;
      this.#look(folder, folders);
    }
  }

  #look(folder: string, folders: string[]): void {
    try {
      visitEntries(folder.length > 1 ? folder.slice(0, -1) : folder, (name, kind) => {
        if (kind === 'file-link') this.#add(folder + name);
        else if (kind === 'folder' && passedOver(name, true) === null) folders.push(`${folder}${name}/`);
      });
    } catch {
      // A folder that cannot be listed has no links that could be followed.
    }
  }

  #add(link: string): void {
    try {
      const { dev, ino } = statSync(toFsPath(link), { bigint: true });
      this.#files.add(`${dev}:${ino}`);
    } catch {
      // The link leads nowhere by now, or to a place that this process may not access.
    }
  }
}
