import { existsSync } from 'node:fs';
import { nearest, TandemError } from '@tandem/engine';
import { GitFailure, git, gitFailed } from './git.ts';

/** The repository that contains a folder. */
export interface Repository {
  /** Its .git, absolute. */
  readonly gitDir: string;
  /** The top of its work tree, absolute. */
  readonly top: string;
  /** The path of the folder below the top: '', or with a trailing slash. */
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/**
 * The repository of a folder.
 * @param revision the revision that will be looked up in it
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for a folder that does not exist, ERR_TANDEM_GIT_FAILED for a
 *   folder that is not in a repository
 */
export async function repositoryOf(
  folder: string,
  revision: string,
  signal: AbortSignal,
): Promise<Repository> {
  if (!existsSync(folder)) {
    const params = { problem: `no such folder: ${folder}`, cure: 'name the folder of the project' };
    throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params });
  }
  const asked = async (what: string): Promise<string> =>
    // A folder name may itself end with a line feed.
    (await git(['rev-parse', what], { folder, signal })).toString().replace(/\r?\n$/, '');
  try {
    const gitDir = await asked('--absolute-git-dir');
    return {
      gitDir,
      top: await asked('--show-toplevel'),
      prefix: await asked('--show-prefix'),
      signal,
    };
  } catch (cause) {
    if (!(cause instanceof GitFailure)) throw cause;
    const what = `cannot look up the revision '${revision}' in ${folder}`;
    throw gitFailed(what, cause.message, 'name a file or folder that is there', cause);
  }
}

/**
 * The full name of the commit that a revision denotes. A revision is anything that git accepts as a commit,
 * such as main, v1.2, HEAD~3 or a hash.
 * @throws {TandemError} ERR_TANDEM_NO_REVISION with the nearest branch or tag
 */
export async function commitOf(repository: Repository, revision: string): Promise<string> {
  const { top: folder, signal } = repository;
  // Git would take a leading dash for an option; nothing and NUL cannot be passed to it.
  const isName = revision !== '' && !revision.startsWith('-') && !revision.includes('\0');
  try {
    if (!isName) throw new GitFailure('not a valid revision name');
    const named = async (name: string): Promise<string> =>
      (await git(['rev-parse', '--verify', name], { folder, signal })).toString().trim();
    // In two steps, because everything after :/ is text to search for.
    const commit = await named(`${await named(revision)}^{commit}`);
    // `^main` denotes everything that is not in main.
    if (!/^[0-9a-f]+$/.test(commit)) throw new GitFailure('this names no one commit');
    return commit;
  } catch (cause) {
    if (!(cause instanceof GitFailure)) throw cause;
    const params = { revision, repository: folder, cure: await cureFor(repository, revision) };
    throw new TandemError('ERR_TANDEM_NO_REVISION', { params, cause });
  }
}

async function cureFor({ top: folder, signal }: Repository, revision: string): Promise<string> {
  const words = async (...args: string[]): Promise<string[]> =>
    (await git(args, { folder, signal })).toString().split('\n').filter(Boolean);
  const kinds = ['refs/heads', 'refs/tags', 'refs/remotes'];
  const names = await words('for-each-ref', '--format=%(refname:short)', ...kinds);
  // A clone in CI knows main only by the name of its remote.
  const near = names.find((name) => name.endsWith(`/${revision}`)) ?? nearest(revision, names);
  if (near !== undefined) return `did you mean ${near}?`;
  const [isShallow] = await words('rev-parse', '--is-shallow-repository');
  if (isShallow === 'true') return `the clone is shallow: git fetch origin ${revision}, or clone all of it`;
  return names.length === 0
    ? 'it has no commit yet'
    : 'name a branch, a tag or a commit, or a folder that is there';
}
