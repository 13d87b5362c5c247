import { isUtf8 } from 'node:buffer';
import { TandemError } from '@tandem/engine';
import { isAscii, realPath, rootPrefix, shownText } from '@tandem/files';
import type { ProjectConfig } from '../project/project-config.ts';
import { type Block, buildOrder, overlaps } from './build-order.ts';
import { nameOf } from './hex-order.ts';
import { isSeedPath } from './seed.ts';
import type { FoundFile, Phase, SelectedFile } from './selected-file.ts';
import { type WalkedEntry, walkEntry } from './walk-entry.ts';

export interface SelectOptions {
  /** Leave out files of seeds. */
  readonly schemaOnly?: boolean;
}

/**
 * The files of a build in its order, as confiture 1.29 chooses and orders them (core/builder.py); nothing is read yet.
 * @throws {TandemError} ERR_TANDEM_NO_SQL_FILES, ERR_TANDEM_NAME_NOT_UTF8, and what walkEntry throws
 */
export function selectFiles(project: ProjectConfig, options: SelectOptions = {}): readonly SelectedFile[] {
  const base = baseFolder(project.includes.map(({ path }) => path));
  const files = orderedFiles(project).flatMap((block) =>
    block.files.map((file) => select(file, block.order, base, project)),
  );
  const wanted = options.schemaOnly === true ? files.filter(({ isSeed }) => !isSeed) : files;
  if (wanted.length > 0) return wanted;
  const folders = project.includes.map(({ spelt }) => spelt).join(', ');
  throw new TandemError('ERR_TANDEM_NO_SQL_FILES', { params: { folders, config: project.file } });
}

/** The blocks of a build. @throws {TandemError} what walkEntry throws */
export function orderedFiles(project: ProjectConfig): readonly Block[] {
  // Array.sort is stable: among equals the entry that is listed first owns a file.
  const entries = [...project.includes].sort((one, other) => one.order - other.order);
  const walked = entries.map((entry) => walkEntry(entry, project.excludeDirs));
  return buildOrder(onceEach(walked), project.sortMode);
}

/** A real file is built once, where it is met first. */
function onceEach(walked: readonly WalkedEntry[]): readonly WalkedEntry[] {
  const hasLinks = walked.some(({ links }) => links.size > 0);
  if (!hasLinks && !overlaps(walked.map(({ entry }) => entry.path))) return walked;
  const seen = new Set<string>();
  return walked.map(({ entry, files, links }) => ({
    entry,
    links,
    files: files.filter(({ path }) => {
      // Folders are real already: only a link is another file's name.
      const real = links.has(path) ? realPath(path) : path;
      return !seen.has(real) && seen.add(real) !== undefined;
    }),
  }));
}

function select(file: FoundFile, order: number, base: string, project: ProjectConfig): SelectedFile {
  const { path, entry, pattern } = file;
  const raw = path.slice(rootPrefix(base).length);
  const plain = isAscii(raw);
  if (!plain && !isUtf8(Buffer.from(raw, 'latin1'))) {
    throw new TandemError('ERR_TANDEM_NAME_NOT_UTF8', { path: shownText(path) });
  }
  return {
    path,
    label: plain ? raw : Buffer.from(raw, 'latin1').toString(),
    entry: entry.spelt,
    order,
    pattern,
    // The base folder's own name counts, what is above it does not: a project may live under my_seeds.
    isSeed: isSeedPath(`${nameOf(base)}/${raw}`),
    phase: phaseOf(path, project),
  };
}

function phaseOf(path: string, { superuserDirs, superuserPostDirs }: ProjectConfig): Phase {
  if (superuserPostDirs.some((folder) => isWithin(path, folder))) return 'superuser_post';
  return superuserDirs.some((folder) => isWithin(path, folder)) ? 'superuser_pre' : 'app';
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(rootPrefix(folder));
}

/** The only include folder, or what all of them have in common; also of those that are not there. */
function baseFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders;
  let parts = first.split('/');
  for (const other of others) {
    const theirs = other.split('/');
    const differs = parts.findIndex((part, at) => part !== theirs[at]);
    if (differs >= 0) parts = parts.slice(0, differs);
  }
  return parts.join('/') || '/';
}
