import { lstatSync, realpathSync } from 'node:fs';
import { FILE_STEPS, rawPath, toFsPath } from '@tandem/files';
import { GitFailure, git, gitFailed } from './git.ts';
import { commitOf, type Repository } from './repository.ts';

/** One file, link or submodule of a revision. */
export interface IndexEntry {
  readonly kind: 'file' | 'link' | 'submodule';
  /** Raw path from the top of the repository. */
  readonly path: string;
}

const KINDS: Readonly<Record<string, IndexEntry['kind']>> = { '120000': 'link', '160000': 'submodule' };
/** A path that no revision contains: git rejects the component `.git`. */
const NOWHERE = '.git/outside-of-the-repository';

/**
 * A commit in an index of its own, from which its files are checked out. The index and work tree of the
 * repository are not used.
 */
export class RevisionIndex {
  readonly entries: readonly IndexEntry[];
  readonly #repository: Repository;
  readonly #file: string;

  private constructor(repository: Repository, file: string, entries: readonly IndexEntry[]) {
    this.#repository = repository;
    this.#file = file;
    this.entries = entries;
  }

  /**
   * @param file path of the index, which does not exist yet
   * @throws {TandemError} ERR_TANDEM_NO_REVISION, ERR_TANDEM_GIT_FAILED
   */
  static async of(repository: Repository, revision: string, file: string): Promise<RevisionIndex> {
    const commit = await commitOf(repository, revision);
    const { gitDir, top: folder, signal } = repository;
    const call = { folder, signal, env: { GIT_INDEX_FILE: file } };
    await git([`--git-dir=${gitDir}`, 'read-tree', commit], call);
    const listing = await git([`--git-dir=${gitDir}`, 'ls-files', '-z', '--stage', '--full-name'], call);
    // `<mode> <oid> <stage>` TAB `<path>` NUL.
    const lines = listing.toString('latin1').split('\0').slice(0, -1);
    const entries = lines.map((line): IndexEntry => {
      return { kind: KINDS[line.slice(0, 6)] ?? 'file', path: line.slice(line.indexOf('\t') + 1) };
    });
    return new RevisionIndex(repository, file, entries);
  }

  /**
   * Writes entries into a folder as git checks them out: with its line endings and filters. A link that
   * points out of the folder becomes a dangling link.
   * @param folder absolute and real
   * @throws {TandemError} ERR_TANDEM_GIT_FAILED
   */
  async checkOut(entries: readonly IndexEntry[], folder: string): Promise<void> {
    // These control how the other files are checked out.
    const attributes = this.entries.filter(({ path }) => /(^|\/)\.gitattributes$/.test(path));
    await this.#write(attributes, folder);
    await this.#write(entries, folder);
    const links = entries
      .filter(({ kind }) => kind === 'link')
      .map(({ path }) => `${rawPath(folder)}/${path}`);
    for (const link of links.filter((each) => leadsOut(each, folder))) {
      FILE_STEPS.unlink(link);
      FILE_STEPS.symlink(link, NOWHERE);
    }
  }

  async #write(entries: readonly IndexEntry[], folder: string): Promise<void> {
    const { gitDir, signal } = this.#repository;
    const args = [`--git-dir=${gitDir}`, `--work-tree=${folder}`];
    const paths = entries.filter(({ kind }) => kind !== 'submodule').map(({ path }) => `${path}\0`);
    if (paths.length === 0) return;
    const input = Buffer.from(paths.join(''), 'latin1');
    const call = { folder, signal, input, env: { GIT_INDEX_FILE: this.#file } };
    try {
      await git([...args, 'checkout-index', '-z', '--stdin', '--force', '--quiet'], call);
    } catch (cause) {
      if (!(cause instanceof GitFailure)) throw cause;
      throw gitFailed('git cannot check out the files of the revision', cause.message, '', cause);
    }
  }
}

/**
 * Outside of the folder it could point to something else. On a system without links, it is a regular file.
 */
function leadsOut(link: string, folder: string): boolean {
  if (!lstatSync(toFsPath(link)).isSymbolicLink()) return false;
  try {
    const end = realpathSync(toFsPath(link));
    return end !== folder && !end.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}
