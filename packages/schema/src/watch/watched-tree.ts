import { existsSync } from 'node:fs';
import { folderOf, realPath, rootPrefix, toFsPath } from '@tandem/files';
import type { ProjectConfig } from '../project/project-config.ts';
import { nameOf, parentOf } from '../selection/folders.ts';
import type { SelectionWitness } from '../selection/select-files.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { mapFileOf } from '../source-map/map-file.ts';

/**
 * What a build depends on, and therefore what is watched. All paths are raw; those of folders end with a
 * slash.
 */
export class WatchedTree implements SelectionWitness {
  readonly #folders = new Map<string, Set<string> | null>();
  /** The configuration, and the files that were selected. */
  readonly #inputs = new Set<string>();
  /** Files that the build itself writes. */
  readonly #own = new Set<string>();
  /** Folders that it creates for them, and removes if it fails. */
  readonly #made = new Set<string>();
  #isWhole = false;

  /** @param output raw path */
  constructor(output: string) {
    for (const path of new Set([output, realPath(output)])) {
      this.#own.add(path).add(mapFileOf(path));
      for (let folder = parentOf(path); folder !== '' && !isThere(folder); folder = parentOf(folder)) {
        this.#made.add(folder.slice(0, -1));
      }
    }
  }

  /**
   * The configuration file, the include folders, and every folder of the project above them: each of them may
   * disappear and return.
   */
  project({ filePath, includes, projectDir }: ProjectConfig): void {
    this.#name(filePath);
    this.#inputs.add(filePath).add(realPath(filePath));
    const root = rootPrefix(realPath(projectDir));
    for (let path of [realPath(filePath), ...includes.map((entry) => entry.path)]) {
      this.#name(path);
      for (path = folderOf(path); path.startsWith(root) && path !== root; path = parentOf(path)) {
        this.#name(path.slice(0, -1));
      }
    }
  }

  folder(path: string): void {
    this.#folders.set(path, null);
  }

  link(_path: string, target: string): void {
    this.#name(target);
    this.#inputs.add(target);
  }

  /** All selected files: events for other files can then be ignored. */
  files(files: readonly SelectedFile[]): void {
    for (const { path } of files) this.#inputs.add(path);
    this.#isWhole = true;
  }

  /** Adds what another tree has in addition. */
  add(other: WatchedTree): void {
    for (const [folder, names] of other.#folders) {
      const mine = this.#folders.get(folder);
      if (mine === null) continue;
      this.#folders.set(folder, names === null ? null : new Set([...names, ...(mine ?? [])]));
    }
  }

  get folders(): Iterable<string> {
    return this.#folders.keys();
  }

  /**
   * Whether an event for this name may change the result of a build.
   * @param isMoved the name appeared, disappeared or now denotes something else; otherwise what it denotes
   *   was written
   */
  matters(folder: string, name: string, isMoved: boolean): boolean {
    const path = folder + name;
    if (this.#own.has(path)) return false;
    const names = this.#folders.get(folder);
    if (names !== null) return names?.has(name) === true;
    return isMoved ? !this.#made.has(path) : !this.#isWhole || this.#inputs.has(path);
  }

  /** Whether a build reads this. */
  isInput(path: string): boolean {
    return this.#inputs.has(path);
  }

  /**
   * Whether the complete contents of a folder were read, so that a build reports what prevents it from being
   * read.
   */
  isWalked(folder: string): boolean {
    return this.#folders.get(folder) === null;
  }

  has(folder: string): boolean {
    return this.#folders.has(folder);
  }

  #name(path: string): void {
    const folder = folderOf(path);
    const names = this.#folders.get(folder);
    if (names === undefined) this.#folders.set(folder, new Set([nameOf(path)]));
    else names?.add(nameOf(path));
  }
}

function isThere(folder: string): boolean {
  return existsSync(toFsPath(folder));
}
