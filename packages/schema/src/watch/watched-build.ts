import { type RunOptions, TandemError } from '@tandem/engine';
import { type Finding, findingOf } from '../finding.ts';
import { buildProject, isSqlRead } from '../operations/build-project.ts';
import { checkSelected } from '../operations/check.ts';
import type { ProjectConfig } from '../project/project-config.ts';
import { selectFiles } from '../selection/select-files.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import type { TreeWatcher } from './tree-watcher.ts';
import type { WatchEvent, WatchedBuilt, WatchedFailure } from './watch-event.ts';
import { WatchedTree } from './watched-tree.ts';

export interface WatchedBuildOptions {
  readonly run: RunOptions & { readonly maxSize?: number };
  readonly readProject: () => ProjectConfig;
  /** Raw path. */
  readonly output: string;
  readonly schemaOnly: boolean;
  readonly sourceMap: boolean;
}

/** What is built. */
interface Selected {
  readonly project: ProjectConfig;
  readonly files: readonly SelectedFile[];
}

/** A build that fails while its tree changes is made again, but where it always changes the failure is told at last. */
const MOST_TRIES = 10;

/** Builds the whole schema, each time anew, and has everything watched that it depends on. */
export class WatchedBuild {
  readonly #options: WatchedBuildOptions;
  readonly #watcher: TreeWatcher;
  #tree: WatchedTree;
  #selected: Selected | null = null;
  /** Also a build that changes nothing is told: it is the first one, or the one before it failed. */
  #isNews = true;

  constructor(options: WatchedBuildOptions, watcher: TreeWatcher) {
    this.#options = options;
    this.#watcher = watcher;
    this.#tree = new WatchedTree(options.output);
  }

  /**
   * Builds. What is wrong in the project is an event and not thrown.
   * @param touched raw paths of what something happened to
   * @returns null where nothing came of it
   * @throws {TandemError} ERR_TANDEM_WATCH_FAILED, ERR_TANDEM_ABORTED
   */
  async run(touched: ReadonlySet<string>): Promise<WatchEvent | null> {
    const all = new Set(touched);
    for (let tries = 1; ; tries++) {
      const began = performance.now();
      try {
        return await this.#build(all, began);
      } catch (error) {
        if (!isOfProject(error)) throw error;
        // What was read while the tree changed says nothing of how it is now.
        const more = tries < MOST_TRIES ? await this.#watcher.recent(this.#options.run.signal) : null;
        if (more === null) return this.#failed(error, began);
        for (const path of more) all.add(path);
      }
    }
  }

  async #build(touched: ReadonlySet<string>, began: number): Promise<WatchedBuilt | null> {
    const { run, output, sourceMap } = this.#options;
    const wasKnown = this.#isKnown(touched);
    const { project, files } = this.#select();
    const place = { output, sourceMap };
    const built = await buildProject(project, files, place, { ...run, durability: 'none' });
    const seconds = secondsSince(began);
    const isNews = this.#isNews || built.status === 'written' || wasKnown || this.#isKnown(touched);
    this.#isNews = false;
    if (!isNews) return null;
    return {
      output: shownPath(output),
      status: built.status === 'unchanged' ? 'unchanged' : 'written',
      files: built.files,
      bytes: built.bytes,
      bodySha256: built.bodySha256,
      changed: [...touched].sort().map(shownPath),
      selection: built.selection,
      seconds,
      // Looked for when the file is in its place: who waits for it waits no longer.
      findings: (await this.#checked()) ?? built.findings,
    };
  }

  async #failed(error: TandemError, began: number): Promise<WatchedFailure> {
    this.#isNews = true;
    const seconds = secondsSince(began);
    const findings = await this.#checked();
    // A build ends at the first error in the files; a check tells all of them.
    const isInFiles = findings?.some(({ code, path }) => code === error.code && path === error.path) === true;
    return {
      output: shownPath(this.#options.output),
      status: 'failed',
      error: isInFiles ? null : error,
      findings: isInFiles ? findings : [findingOf(error)],
      seconds,
    };
  }

  /** What check tells of the files; null where there are none, or the configuration says that nobody should look into them. */
  async #checked(): Promise<readonly Finding[] | null> {
    if (this.#selected === null || !isSqlRead(this.#selected.project)) return null;
    try {
      return (await checkSelected(this.#selected.files, this.#options.run)).findings;
    } catch (error) {
      if (isOfProject(error)) return null;
      throw error;
    }
  }

  /** The files of the project, when all that they depend on is watched: what happens from here on is told. */
  #select(): Selected {
    const before = this.#tree;
    this.#selected = null;
    for (;;) {
      const tree = new WatchedTree(this.#options.output);
      const selected = this.#trySelect(tree);
      // Where it failed not everything was seen.
      if ('failure' in selected) tree.add(before);
      this.#tree = tree;
      if (this.#watcher.follow(tree)) continue;
      if ('failure' in selected) throw selected.failure;
      this.#selected = selected;
      return selected;
    }
  }

  #trySelect(witness: WatchedTree): Selected | { readonly failure: unknown } {
    try {
      const project = this.#options.readProject();
      witness.project(project);
      const files = selectFiles(project, { schemaOnly: this.#options.schemaOnly, witness });
      witness.files(files);
      return { project, files };
    } catch (failure) {
      return { failure };
    }
  }

  #isKnown(touched: ReadonlySet<string>): boolean {
    for (const path of touched) if (this.#tree.isInput(path)) return true;
    return false;
  }
}

/** Anything else ends the watch. */
function isOfProject(error: unknown): error is TandemError {
  return (
    TandemError.isTandemError(error) &&
    error.code !== 'ERR_TANDEM_WATCH_FAILED' &&
    error.code !== 'ERR_TANDEM_ABORTED'
  );
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
