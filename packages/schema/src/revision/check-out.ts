import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { toFsPath } from '@tandem/files';
import { GitFailure, git, gitFailed } from './git.ts';
import type { RevisionTree, TreeEntry } from './revision-tree.ts';

/** What has to be on the disk. */
export interface Wanted {
  /** By their paths. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** Folders that a link leads to and that nothing is read from; raw. */
  readonly folders: ReadonlySet<string>;
  /** Links that lead out of the repository; raw. */
  readonly outside: ReadonlySet<string>;
}

/** No name of a revision: git refuses a part that is `.git`. */
const NOWHERE = '.git/outside-of-the-repository';

/**
 * Writes entries of a revision into a folder as git checks them out: with its line ends and filters, by an index of our own. The
 * repository's index and work tree are not looked at.
 * @param folder where they go, absolute; it is there
 * @param index a file that is not there yet
 * @throws {TandemError} ERR_TANDEM_GIT_FAILED
 */
export async function checkOut(
  { repository: { gitDir, signal } }: RevisionTree,
  { entries, folders, outside }: Wanted,
  folder: string,
  index: string,
): Promise<void> {
  const args = [`--git-dir=${gitDir}`, `--work-tree=${folder}`];
  const call = { folder, signal, env: { GIT_INDEX_FILE: index } };
  const lines = [...entries.values()].map(({ mode, oid, path }) => `${mode} blob ${oid}\t${path}\0`);
  try {
    const input = Buffer.from(lines.join(''), 'latin1');
    await git([...args, 'update-index', '-z', '--index-info'], { ...call, input });
    await git([...args, 'checkout-index', '--all', '--force', '--quiet'], call);
  } catch (cause) {
    if (!(cause instanceof GitFailure)) throw cause;
    throw gitFailed('git cannot check out the files of the revision', cause.message, '', cause);
  }
  const rawFolder = Buffer.from(folder).toString('latin1');
  const placed = (path: string): string | Buffer => toFsPath(`${rawFolder}/${path}`);
  for (const each of folders) mkdirSync(placed(each), { recursive: true });
  for (const each of outside) {
    const link = placed(each);
    // Elsewhere it could lead to something else. Where there are no links, it is a file.
    if (!lstatSync(link).isSymbolicLink()) continue;
    rmSync(link);
    symlinkSync(NOWHERE, link);
  }
}

/** The file of an index in a folder. */
export function indexFile(folder: string, name: string): string {
  return join(folder, `index-${name}`);
}
