import { type RunOptions, TandemError } from '@tandem/engine';
import { type Finding, findingOf } from '@tandem/job';
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

/** What a build consists of. */
interface Selected {
  readonly project: ProjectConfig;
  readonly files: readonly SelectedFile[];
}

/**
 * A build that fails while its tree changes is repeated. If the tree keeps changing, the failure is reported
 * after this many attempts.
 */
const MOST_TRIES = 10;

/** Builds the whole schema from scratch each time, and has everything watched that it depends on. */
export class WatchedBuild {
  readonly #options: WatchedBuildOptions;
  readonly #watcher: TreeWatcher;
  #tree: WatchedTree;
  #selected: Selected | null = null;
  /**
   * Whether to report even a build that changes nothing, because it is the first one, or the previous one
   * failed.
   */
  #isNews = true;

  constructor(options: WatchedBuildOptions, watcher: TreeWatcher) {
    this.#options = options;
    this.#watcher = watcher;
    this.#tree = new WatchedTree(options.output);
  }

  /**
   * Builds. An error in the project is an event and not thrown.
   * @param touched raw paths of the affected files and folders
   * @returns null if there is nothing to report
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
        // What was read while the tree changed does not show its current state.
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
      // Determined once the file is in place, so that a process that waits for the file does not wait longer.
      findings: (await this.#checked()) ?? built.findings,
    };
  }

  async #failed(error: TandemError, began: number): Promise<WatchedFailure> {
    this.#isNews = true;
    const seconds = secondsSince(began);
    const findings = await this.#checked();
    // A build ends at the first error in the files; a check reports all of them.
    const isInFiles = findings?.some(({ code, path }) => code === error.code && path === error.path) === true;
    return {
      output: shownPath(this.#options.output),
      status: 'failed',
      error: isInFiles ? null : error,
      findings: isInFiles ? findings : [findingOf(error)],
      seconds,
    };
  }

  /**
   * The findings of check; null if no files are selected, or the configuration disables the inspection of
   * SQL.
   */
  async #checked(): Promise<readonly Finding[] | null> {
    if (this.#selected === null || !isSqlRead(this.#selected.project)) return null;
    try {
      return (await checkSelected(this.#selected.files, this.#options.run)).findings;
    } catch (error) {
      if (isOfProject(error)) return null;
      throw error;
    }
  }

  /** The files of the project, once everything that they depend on is watched: later changes are reported. */
  #select(): Selected {
    const before = this.#tree;
    this.#selected = null;
    for (;;) {
      const tree = new WatchedTree(this.#options.output);
      const selected = this.#trySelect(tree);
      // After a failure, the new tree may be incomplete.
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

/** Any other error ends the watch. */
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
