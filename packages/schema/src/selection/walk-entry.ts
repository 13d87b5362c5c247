import { isUtf8 } from 'node:buffer';
import { type ErrorCode, TandemError } from '@tandem/engine';
import {
  type EntryKind,
  errnoOf,
  isAscii,
  leadsNowhere,
  rootPrefix,
  SCRATCH,
  shownText,
  visitEntries,
} from '@tandem/files';
import type { IncludeEntry, ProjectConfig } from '../project/project-config.ts';
import { shownPath } from '../shown-path.ts';
import { nameOf, type Within, within } from './folders.ts';
import { type Glob, globsOf } from './glob.ts';
import { isSeedName } from './seed.ts';
import type { Phase, SelectedFile } from './selected-file.ts';

/** Receives the folders that a walk reads. */
export interface WalkWitness {
  /** Raw path with a trailing slash, before the folder is read. */
  folder(path: string): void;
}

/** The result for one include folder. */
export interface WalkedEntry {
  readonly entry: IncludeEntry;
  /** Sorted by the parts of their paths, by code point. */
  readonly files: readonly SelectedFile[];
  /** The paths of those files that are links. */
  readonly links: ReadonlySet<string>;
}

/**
 * Lists the files of an include folder that its globs choose. Links to folders are not followed; hidden files
 * count; files that Tandem itself leaves behind (`.tandem-`) do not.
 * @param base raw: the folder that labels are relative to; the include folder or one above it
 * @throws {TandemError} ERR_TANDEM_FOLDER_UNREADABLE, and for a chosen entry that cannot be read as a file
 *   ERR_TANDEM_BROKEN_SYMLINK, ERR_TANDEM_NOT_A_FILE or ERR_TANDEM_NAME_NOT_UTF8
 */
export function walkEntry(
  entry: IncludeEntry,
  base: string,
  project: ProjectConfig,
  witness?: WalkWitness,
): WalkedEntry {
  const walk = new EntryWalk(entry, project, witness);
  if (!project.excludeDirs.map(within).some((isIn) => isIn(entry.path))) {
    const label = rootPrefix(entry.path).slice(rootPrefix(base).length);
    // The base folder's own name counts, but the path above it does not: a project may be located under
    // my_seeds.
    const isSeed = isSeedName(`${nameOf(base)}/${label}`);
    walk.enter({
      path: rootPrefix(entry.path),
      below: '',
      label: shownText(label),
      isSeed,
      isText: isText(label),
    });
  }
  return { entry, files: walk.files, links: walk.links };
}

/** A folder of the walk; all fields but `isSeed` and `isText` end with a slash, or are ''. */
interface Folder {
  /** Raw and absolute. */
  readonly path: string;
  /** The path below the include folder, as globs see it. */
  readonly below: string;
  readonly label: string;
  readonly isSeed: boolean;
  /** Whether its label is UTF-8. */
  readonly isText: boolean;
}

class EntryWalk {
  readonly files: SelectedFile[] = [];
  readonly links = new Set<string>();
  readonly #entry: IncludeEntry;
  readonly #excluded: ReadonlySet<string>;
  readonly #include: readonly Glob[];
  readonly #exclude: readonly Glob[];
  readonly #superuserDirs: readonly Within[];
  readonly #superuserPostDirs: readonly Within[];
  readonly #witness: WalkWitness | undefined;

  constructor(entry: IncludeEntry, project: ProjectConfig, witness: WalkWitness | undefined) {
    this.#witness = witness;
    this.#entry = entry;
    this.#excluded = new Set(project.excludeDirs);
    this.#include = globsOf(entry.include);
    this.#exclude = globsOf(entry.exclude);
    this.#superuserDirs = project.superuserDirs.map(within);
    this.#superuserPostDirs = project.superuserPostDirs.map(within);
  }

  enter(folder: Folder): void {
    this.#witness?.folder(folder.path);
    const names: string[] = [];
    // Nearly every name is that of a file, so only the others are recorded.
    const others = new Map<string, EntryKind>();
    visitFolder(folder.path, this.#entry, (name, kind) => {
      if (name.startsWith(SCRATCH)) return;
      names.push(name);
      if (kind !== 'file') others.set(name, kind);
    });
    // Checked for all names at once, because most folders have neither kind.
    const all = names.join('/');
    const traits = { isAscii: isAscii(all), maySeed: isSeedName(all) };
    // Names in order, with the contents of a folder at its position: by the parts of the path.
    for (const name of names.sort()) {
      const kind = others.size === 0 ? 'file' : (others.get(name) ?? 'file');
      if (this.#excluded.size > 0 && this.#excluded.has(folder.path + name)) continue;
      if (kind === 'folder') {
        if (this.#entry.recursive) this.enter(folderIn(folder, name));
      } else if (kind !== 'folder-link') this.#meet(folder, name, kind, traits);
    }
  }

  #meet(folder: Folder, raw: string, kind: EntryKind, traits: Traits): void {
    const name = traits.isAscii ? raw : shownText(raw);
    const pattern = this.#choose(folder.below, name);
    if (pattern === undefined) return;
    const path = folder.path + raw;
    const problem = kind === 'file' ? undefined : PROBLEMS[kind];
    if (problem !== undefined)
      throw new TandemError(problem.code, { path: shownPath(path), hint: problem.hint });
    if (!folder.isText || (!traits.isAscii && !isText(raw))) {
      throw new TandemError('ERR_TANDEM_NAME_NOT_UTF8', { path: shownPath(path) });
    }
    if (kind === 'file-link') this.links.add(path);
    this.files.push({
      path,
      label: folder.label + name,
      entry: this.#entry.spelled,
      order: this.#entry.order,
      pattern,
      isSeed: folder.isSeed || (traits.maySeed && isSeedName(raw)),
      phase: this.#phaseOf(path),
    });
  }

  #phaseOf(path: string): Phase {
    for (const isIn of this.#superuserPostDirs) if (isIn(path)) return 'superuser_post';
    for (const isIn of this.#superuserDirs) if (isIn(path)) return 'superuser_pre';
    return 'app';
  }

  /** The first pattern that chooses a file, unless one excludes it. */
  #choose(below: string, name: string): string | undefined {
    for (const glob of this.#exclude) if (glob(below, name)) return undefined;
    for (let at = 0; at < this.#include.length; at += 1) {
      if (this.#include[at]?.(below, name)) return this.#entry.include[at];
    }
    return undefined;
  }
}

/** What is known about all names in a folder. */
interface Traits {
  readonly isAscii: boolean;
  /** Whether one of them may be a seed name. */
  readonly maySeed: boolean;
}

function folderIn({ path, below, label, isSeed, isText: isParentText }: Folder, name: string): Folder {
  const text = shownText(name);
  return {
    path: `${path}${name}/`,
    below: `${below}${text}/`,
    label: `${label}${text}/`,
    isSeed: isSeed || isSeedName(name),
    isText: isParentText && isText(name),
  };
}

/** A file of a build must be a regular file: reading a pipe would block forever. */
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
  gone: { code: 'ERR_TANDEM_NOT_FOUND', hint: 'it was removed during the run: run the command again' },
};

/** Like visitEntries; an include folder that does not exist has no entries if it is allowed to be missing. */
function visitFolder(
  folder: string,
  entry: IncludeEntry,
  visit: (name: string, kind: EntryKind) => void,
): void {
  const raw = folder.length > 1 ? folder.slice(0, -1) : folder;
  try {
    visitEntries(raw, visit);
  } catch (cause) {
    const isMissing = leadsNowhere(cause) && errnoOf(cause) !== 'ENOTDIR';
    if (isMissing && entry.autoDiscover && folder === rootPrefix(entry.path)) return;
    const code = isMissing ? 'ERR_TANDEM_NOT_FOUND' : 'ERR_TANDEM_FOLDER_UNREADABLE';
    const hint = isMissing
      ? 'it was removed during the run: run the command again'
      : 'you need read and search permission on it; or name it in exclude_dirs';
    throw new TandemError(code, { path: shownPath(raw), hint, cause });
  }
}

function isText(raw: string): boolean {
  return isAscii(raw) || isUtf8(Buffer.from(raw, 'latin1'));
}
