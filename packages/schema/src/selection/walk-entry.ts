import { type Dirent, readdirSync } from 'node:fs';
import { type ErrorCode, TandemError } from '@tandem/engine';
import {
  type EntryKind,
  errnoOf,
  isAscii,
  kindOf,
  leadsNowhere,
  lookedUpKind,
  rootPrefix,
  SCRATCH,
  shownText,
  toFsPath,
} from '@tandem/files';
import type { IncludeEntry } from '../project/project-config.ts';
import { type Glob, globsOf } from './glob.ts';
import type { FoundFile } from './selected-file.ts';

/** What one include folder gives. */
export interface WalkedEntry {
  readonly entry: IncludeEntry;
  /** Sorted by the parts of their paths, by code point. */
  readonly files: readonly FoundFile[];
  /** Paths of those that are links. */
  readonly links: ReadonlySet<string>;
}

/**
 * Lists the files of an include folder that its globs choose. Links to folders are not entered; hidden files count; what Tandem
 * itself leaves behind (`.tandem-`) does not.
 * @param excluded raw absolute paths of folders and files that are not looked at
 * @throws {TandemError} ERR_TANDEM_FOLDER_UNREADABLE, and for what is chosen and cannot be read as a file
 *   ERR_TANDEM_BROKEN_SYMLINK or ERR_TANDEM_NOT_A_FILE
 */
export function walkEntry(entry: IncludeEntry, excluded: readonly string[]): WalkedEntry {
  const walk = new EntryWalk(entry, new Set(excluded));
  if (!excluded.some((path) => entry.path === path || entry.path.startsWith(rootPrefix(path)))) {
    walk.enter(rootPrefix(entry.path), '');
  }
  return { entry, files: walk.files, links: walk.links };
}

class EntryWalk {
  readonly files: FoundFile[] = [];
  readonly links = new Set<string>();
  readonly #entry: IncludeEntry;
  readonly #excluded: ReadonlySet<string>;
  readonly #include: readonly Glob[];
  readonly #exclude: readonly Glob[];

  constructor(entry: IncludeEntry, excluded: ReadonlySet<string>) {
    this.#entry = entry;
    this.#excluded = excluded;
    this.#include = globsOf(entry.include);
    this.#exclude = globsOf(entry.exclude);
  }

  /** @param folder raw and absolute; `below` is it as text below the include folder; both end with a slash */
  enter(folder: string, below: string): void {
    const names: string[] = [];
    // Nearly every name is a file's.
    const others = new Map<string, EntryKind>();
    for (const listed of list(folder, this.#entry)) {
      const name = typeof listed === 'string' ? listed : listed.name;
      if (name.startsWith(SCRATCH)) continue;
      names.push(name);
      if (typeof listed === 'string') others.set(name, lookedUpKind(folder + name));
      else if (!listed.isFile()) others.set(name, kindOf(listed, folder + name));
    }
    // Names in their order, and what is in a folder in its place: by the parts of the path.
    for (const name of names.sort()) {
      const kind = others.size === 0 ? 'file' : (others.get(name) ?? 'file');
      if (this.#excluded.size > 0 && this.#excluded.has(folder + name)) continue;
      if (kind === 'folder') {
        if (this.#entry.recursive) this.enter(`${folder}${name}/`, `${below}${textOf(name)}/`);
      } else if (kind !== 'folder-link') this.#meet(folder + name, below, textOf(name), kind);
    }
  }

  #meet(path: string, below: string, name: string, kind: EntryKind): void {
    if (this.#exclude.some((glob) => glob(below, name))) return;
    const pattern = this.#entry.include[this.#include.findIndex((glob) => glob(below, name))];
    if (pattern === undefined) return;
    const problem = PROBLEMS[kind];
    if (problem !== undefined)
      throw new TandemError(problem.code, { path: shownText(path), hint: problem.hint });
    if (kind === 'file-link') this.links.add(path);
    this.files.push({ path, entry: this.#entry, pattern });
  }
}

/** A file of a build has to be one: reading a pipe would wait for ever. */
const PROBLEMS: Partial<Record<EntryKind, { code: ErrorCode; hint: string }>> = {
  'broken-link': {
    code: 'ERR_TANDEM_BROKEN_SYMLINK',
    hint: 'restore its target, remove the link, or exclude it',
  },
  special: { code: 'ERR_TANDEM_NOT_A_FILE', hint: 'remove or exclude it: a schema is built from files' },
  'special-link': {
    code: 'ERR_TANDEM_NOT_A_FILE',
    hint: 'remove or exclude it: a schema is built from files',
  },
  gone: { code: 'ERR_TANDEM_NOT_FOUND', hint: 'it went while it was looked at: run the command again' },
};

/** Names with their types, in no order; an include folder that is not there has none, where it may be missing. */
function list(folder: string, entry: IncludeEntry): readonly Dirent[] | readonly string[] {
  const path = toFsPath(folder.length > 1 ? folder.slice(0, -1) : folder);
  try {
    return readdirSync(path, { encoding: 'latin1', withFileTypes: true });
  } catch (cause) {
    // Where a file system tells no types, Node looks names up as text, which fails for raw ones.
    if (cause instanceof Error && 'syscall' in cause && cause.syscall === 'lstat')
      return readdirSync(path, 'latin1');
    const isMissing = leadsNowhere(cause) && errnoOf(cause) !== 'ENOTDIR';
    if (isMissing && entry.autoDiscover && folder === rootPrefix(entry.path)) return [];
    const code = isMissing ? 'ERR_TANDEM_NOT_FOUND' : 'ERR_TANDEM_FOLDER_UNREADABLE';
    const hint = isMissing
      ? 'it went while it was looked at: run the command again'
      : 'you need read and search permission on it; or name it in exclude_dirs';
    throw new TandemError(code, { path: shownText(folder), hint, cause });
  }
}

/** A name as globs are matched against it: one character each, whatever its bytes. */
function textOf(raw: string): string {
  return isAscii(raw) ? raw : shownText(raw);
}
