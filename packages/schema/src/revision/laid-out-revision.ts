import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join, posix, relative } from 'node:path';
import { TandemError } from '@tandem/engine';
import {
  makeFoldersAbove,
  makeOwnedFolder,
  rawPath,
  removeDeadFolders,
  removeOwnedFolder,
} from '@tandem/files';
import type { ConfigValue } from '../project/config-value.ts';
import { namedFolders } from '../project/named-folders.ts';
import { within } from '../selection/folders.ts';
import { repositoryOf } from './repository.ts';
import { type IndexEntry, RevisionIndex } from './revision-index.ts';

const PREFIX = 'tandem-rev-';

/** A project as it was at a revision, in a folder for temporary files. */
export class LaidOutRevision {
  readonly revision: string;
  /** The project's folder. */
  readonly projectDir: string;
  readonly #folder: string;
  /** The copy of the top of the repository. */
  readonly #top: string;
  // The last resort, if the process exits without calling remove().
  readonly #onExit = (): void => removeOwnedFolder(this.#folder);

  /** @param prefix path of the project below the top of the repository */
  private constructor(revision: string, folder: string, name: string, prefix: string) {
    this.revision = revision;
    this.#folder = folder;
    this.#top = join(folder, 'tree', name);
    this.projectDir = join(this.#top, prefix);
    process.on('exit', this.#onExit);
  }

  /**
   * Checks out what a project needs: its configuration and the folders that the configuration names. The
   * repository, its index and its work tree are left unchanged, and no hook runs.
   * @param projectDir the project in the work tree; the repository is the one that contains it
   * @param revision anything that git accepts as a commit
   * @throws {TandemError} ERR_TANDEM_GIT_FAILED, ERR_TANDEM_NO_REVISION, ERR_TANDEM_NOT_IN_REVISION, and for
   *   the configuration what readProject throws
   */
  static async of(
    projectDir: string,
    env: string,
    revision: string,
    signal: AbortSignal,
  ): Promise<LaidOutRevision> {
    const repository = await repositoryOf(projectDir, revision, signal);
    removeDeadFolders(tmpdir(), PREFIX, [process.getuid?.()]);
    // The real path, because that is how paths of files are reported.
    const folder = realpathSync(makeOwnedFolder(tmpdir(), PREFIX));
    // Under its original name: whether a folder contains seeds depends on names.
    const laidOut = new LaidOutRevision(
      revision,
      folder,
      basename(repository.top) || 'top',
      repository.prefix,
    );
    try {
      const index = await RevisionIndex.of(repository, revision, join(folder, 'index'));
      await laidOut.#fill(index, repository.prefix, env);
      return laidOut;
    } catch (error) {
      laidOut.remove();
      throw laidOut.told(error);
    }
  }

  async #fill(index: RevisionIndex, prefix: string, env: string): Promise<void> {
    makeFoldersAbove(rawPath(`${this.#top}/`));
    await this.#checkOut(index, [`${rawPath(prefix)}db/environments`]);
    if (!existsSync(join(this.projectDir, 'db', 'environments'))) throw this.#noProject(env);
    const { include, exclude } = namedFolders(this.projectDir, env);
    const excluded = exclude.map((each) => pathOf(each, prefix)).filter((path) => path !== null);
    const folders = include.map(
      (each) => pathOf(each, prefix) ?? refuse(each, 'lies outside of the repository'),
    );
    await this.#checkOut(index, folders, excluded);
  }

  /**
   * Checks out folders with all of their contents. A link may point anywhere: if one matters, the whole
   * revision is checked out.
   */
  async #checkOut(
    index: RevisionIndex,
    paths: readonly string[],
    excluded: readonly string[] = [],
  ): Promise<void> {
    const isExcluded = excluded.map(within);
    const left = index.entries.filter(({ path }) => !isExcluded.some((isIn) => isIn(path)));
    const found = paths.map(within).map((isIn) => left.filter(({ path }) => isIn(path)));
    const submodule = left.find(
      ({ kind, path }) =>
        kind === 'submodule' && paths.some((each) => within(each)(path) || within(path)(each)),
    );
    if (submodule !== undefined) throw this.#isSubmodule(submodule.path);
    const hasLinks = index.entries.some(isLink);
    const needsAll = hasLinks && found.some((entries) => entries.length === 0 || entries.some(isLink));
    await index.checkOut(needsAll ? index.entries : found.flat(), this.#top);
    // Git creates no folder if all of its files are excluded.
    for (const path of paths)
      if (index.entries.some((entry) => entry.path.startsWith(`${path}/`)))
        makeFoldersAbove(`${rawPath(this.#top)}/${path}/`);
  }

  /**
   * A text about files, with the paths that git uses instead of the temporary ones: `main:db/schema/a.sql`.
   */
  shown(text: string): string {
    const tops = [this.#top, relative(process.cwd(), this.#top)];
    const spelled = new Set(tops.flatMap((top) => [top, top.replaceAll('\\', '/')]));
    return [...spelled].reduce(
      (told, top) =>
        told
          .replaceAll(`${top}/`, `${this.revision}:`)
          .replaceAll(`${top}\\`, `${this.revision}:`)
          .replaceAll(top, this.revision),
      text,
    );
  }

  /** An error about files, with its texts converted by shown(). */
  told(error: unknown): unknown {
    if (!TandemError.isTandemError(error)) return error;
    const { code, message, path, offset, line, column, hint } = error;
    return new TandemError(code, {
      message: this.shown(message),
      ...(path === undefined ? {} : { path: this.shown(path) }),
      ...(offset === undefined ? {} : { offset }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...(hint === undefined ? {} : { hint: this.shown(hint) }),
      cause: error.cause,
    });
  }

  remove(): void {
    process.removeListener('exit', this.#onExit);
    removeOwnedFolder(this.#folder);
  }

  #isSubmodule(raw: string): TandemError {
    const what = Buffer.from(raw, 'latin1').toString();
    const problem = 'it is a submodule: its files are in another repository';
    const cure = 'compare two folders where both are checked out';
    const params = { what, revision: this.revision, problem, cure };
    return new TandemError('ERR_TANDEM_NOT_IN_REVISION', { params });
  }

  #noProject(env: string): TandemError {
    const path = join(this.projectDir, 'db', 'environments', `${env}.yaml`);
    const hint = `the revision ${this.revision} has no project there`;
    return new TandemError('ERR_TANDEM_CONFIG_MISSING', { params: { env }, path, hint });
  }
}

function isLink({ kind }: IndexEntry): boolean {
  return kind === 'link';
}

/** Raw path from the top of the repository; null if the folder is outside of it. */
function pathOf(folder: ConfigValue, prefix: string): string | null {
  const spelled = folder.text();
  const slashed = process.platform === 'win32' ? spelled.replaceAll('\\', '/') : spelled;
  if (isAbsolute(slashed)) return refuse(folder, 'is absolute, and would be read as it is now');
  const path = posix.normalize(`${prefix}${slashed}`).replace(/\/$/, '');
  return path === '..' || path.startsWith('../') ? null : path === '.' ? '' : rawPath(path);
}

function refuse(folder: ConfigValue, problem: string): never {
  return folder.refuse(problem, 'a revision has what is in its repository: write it relative to the project');
}
