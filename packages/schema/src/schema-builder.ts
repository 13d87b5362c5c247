import { isAbsolute, join, resolve } from 'node:path';
import type { RunOptions } from '@tandem/engine';
import { rawPath } from '@tandem/files';
import type { DatabaseChoice } from './database/open-database.ts';
import { type ProposedOrder, proposedOrder } from './infer/proposed-order.ts';
import type { BuildResult } from './operations/build.ts';
import { buildProject, requestOf } from './operations/build-project.ts';
import { buildSplit, type SplitPart, splitPlaces } from './operations/build-split.ts';
import type { ChangeBase } from './operations/changed.ts';
import { type CheckReport, checkSelected } from './operations/check.ts';
import type { DiffReport, DiffWishes } from './operations/diff.ts';
import { hashSelected } from './operations/hash.ts';
import type { Inferred } from './operations/infer.ts';
import { orderSelected } from './operations/order.ts';
import { treeHashSelected } from './operations/tree-hash.ts';
import type { VerifyReport, VerifyWishes } from './operations/verify.ts';
import type { WrittenNeeds } from './operations/write-needs.ts';
import { checkOutputPlace } from './output/output-place.ts';
import type { ProjectConfig } from './project/project-config.ts';
import { readProject } from './project/read-project.ts';
import { type ExplainedFile, explainFiles } from './selection/explain.ts';
import { selectFiles } from './selection/select-files.ts';
import type { SelectedFile } from './selection/selected-file.ts';
import type { TreeChange, TreeNode } from './tree-hash/tree-hash.ts';
import type { WatchEvent } from './watch/watch-event.ts';

/** Where a project is, and how its runs are performed. */
export interface SchemaBuilderOptions extends RunOptions {
  /** The folder that contains db/environments; default: the working folder. */
  readonly projectDir?: string;
  /** db/environments/ENV.yaml; default local. */
  readonly env?: string;
  /** Maximum size of all files together, in bytes; default 2 GiB. */
  readonly maxSize?: number;
}

/** Options of a single build. */
export interface SchemaBuildOptions {
  /** The file to write; default: db/generated/schema_ENV.sql of the project; null to return the bytes. */
  readonly output?: string | null;
  /** Omit seeds. */
  readonly schemaOnly?: boolean;
  /** Write FILE.map.json next to the file. */
  readonly sourceMap?: boolean;
  /** 'none' skips the syncs, so that a power failure may destroy the file; default 'full'. */
  readonly durability?: 'full' | 'none';
}

/** Options of a watch. Its output is written without syncs, because the next change will follow soon. */
export interface SchemaWatchOptions {
  /** The file to write; default: db/generated/schema_ENV.sql of the project. */
  readonly output?: string;
  /** Omit seeds. */
  readonly schemaOnly?: boolean;
  /** Write FILE.map.json next to the file. */
  readonly sourceMap?: boolean;
}

/** For which files an order is determined, and in which database. */
export interface InferWishes {
  /** Omit seeds. */
  readonly schemaOnly?: boolean;
  /** Default 'auto'. */
  readonly database?: DatabaseChoice;
}

/**
 * The schema of a project in confiture's layout: db/schema/*.sql and db/environments/ENV.yaml. Nothing is
 * read before a method is called, and every call reads everything again.
 */
export class SchemaBuilder {
  readonly #projectDir: string;
  readonly #env: string;
  readonly #options: RunOptions & { readonly maxSize?: number };

  constructor({ projectDir = '.', env = 'local', ...options }: SchemaBuilderOptions = {}) {
    this.#projectDir = projectDir;
    this.#env = env;
    this.#options = options;
  }

  /** The configuration. Throws an error that names its file, line and column. */
  project(): ProjectConfig {
    return readProject(this.#projectDir, this.#env);
  }

  /** The files of a build in the configured order, each with how it was selected; no file is read. */
  files(options: { readonly schemaOnly?: boolean } = {}): readonly SelectedFile[] {
    return selectFiles(this.project(), options);
  }

  /** The same files in build order: every file after the files that it requires. */
  async order(options: { readonly schemaOnly?: boolean } = {}): Promise<readonly SelectedFile[]> {
    return orderSelected(this.files(options), this.#options);
  }

  /** The files in build order, each with the reason for its position in a few words. */
  async explain(options: { readonly schemaOnly?: boolean } = {}): Promise<readonly ExplainedFile[]> {
    const explained = explainFiles(this.project(), options);
    const place = new Map(explained.map(({ path }, index) => [path, index]));
    let last = -1;
    return (await orderSelected(explained, this.#options)).map((file) => {
      const index = place.get(file.path) as number;
      const { reason } = explained[index] as ExplainedFile;
      // A file that follows one with a higher index was held back.
      const isHeldBack = index < last;
      last = Math.max(last, index);
      return { ...file, reason: isHeldBack ? 'behind what it requires' : reason };
    });
  }

  /**
   * Applies the files one by one to a temporary database, which is dropped afterwards, and postpones those
   * that PostgreSQL rejects. Returns the order in which all of them succeed, with the reason for every file
   * that moves. Lines that require a file are respected too; nothing is written.
   * @throws {TandemError} what prevents a file from being read, ERR_TANDEM_REQUIRES_MISSING,
   *   ERR_TANDEM_NO_DATABASE, ERR_TANDEM_DATABASE_FAILED
   */
  async inferNeeds({ schemaOnly = false, ...wishes }: InferWishes = {}): Promise<ProposedOrder> {
    const project = this.project();
    const explained = explainFiles(project, { schemaOnly });
    return proposedOrder(explained, await this.#inferred(project, explained, wishes));
  }

  /**
   * Writes the results of inferNeeds into the files, as lines `-- requires: path` at their top, if a build
   * would not have that order without them. Nothing is written if inferNeeds has errors, or if a file that
   * needs a line is a link. A second call writes nothing.
   * @throws {TandemError} as inferNeeds; ERR_TANDEM_CHANGED, ERR_TANDEM_UNWRITABLE, ERR_TANDEM_NO_SPACE
   */
  async writeNeeds({
    schemaOnly = false,
    dryRun = false,
    ...wishes
  }: InferWishes & { readonly dryRun?: boolean } = {}): Promise<WrittenNeeds> {
    const project = this.project();
    const files = selectFiles(project, { schemaOnly });
    const { writeNeeds } = await import('./operations/write-needs.ts');
    return writeNeeds(files, await this.#inferred(project, files, wishes), dryRun);
  }

  /**
   * Builds one file out of all files. Throws the first error in them; an existing output is then unchanged.
   */
  async build({
    output,
    schemaOnly = false,
    sourceMap = false,
    durability = 'full',
  }: SchemaBuildOptions = {}): Promise<BuildResult> {
    const project = this.project();
    const files = selectFiles(project, { schemaOnly });
    const place = { output: output === null ? null : this.#place(output), sourceMap };
    return buildProject(project, files, place, { ...this.#options, durability });
  }

  /**
   * Builds, and builds again on every change of a file, a folder or the configuration, as build() does.
   * Yields an event for each build, starting with the first one; a build that fails is also an event, and
   * leaves the output unchanged. Iteration ends when the signal of the builder is aborted, or the loop over
   * it is left.
   * @throws {TandemError} an error in the configuration at the start; ERR_TANDEM_WATCH_FAILED
   */
  async *watch({
    output,
    schemaOnly = false,
    sourceMap = false,
  }: SchemaWatchOptions = {}): AsyncGenerator<WatchEvent, void, undefined> {
    const { watchProject } = await import('./operations/watch.ts');
    yield* watchProject({
      readProject: () => this.project(),
      output: this.#place(output),
      schemaOnly,
      sourceMap,
      run: this.#options,
    });
  }

  /**
   * Builds three files: what a superuser runs before the application's own files, those files, and what a
   * superuser runs after them.
   * @param folder the folder for the three files; default: db/generated of the project
   */
  async buildSplit(
    folder?: string,
    { schemaOnly = false, durability = 'full' }: Pick<SchemaBuildOptions, 'schemaOnly' | 'durability'> = {},
  ): Promise<SplitPart[]> {
    const project = this.project();
    const files = selectFiles(project, { schemaOnly });
    const place = resolve(...(folder === undefined ? [this.#projectDir, 'db', 'generated'] : [folder]));
    const raw = rawPath(place);
    for (const output of splitPlaces(raw, project.env)) checkOutputPlace(output, project);
    return buildSplit({ ...requestOf(project, files), sourceMap: false }, raw, {
      ...this.#options,
      durability,
    });
  }

  /** The hash of confiture 1.29, in hex. */
  async hash(): Promise<string> {
    return hashSelected(this.files(), this.#options);
  }

  /** The tree hash: it shows which files and folders changed, not only that something did. */
  async treeHash(): Promise<TreeNode> {
    return treeHashSelected(this.files(), this.#options);
  }

  /**
   * The files and folders that differ from a tree hash, from another project's folder, or from a revision of
   * the repository that contains this project.
   */
  async changedSince(base: ChangeBase): Promise<TreeChange[]> {
    // Loaded on demand: nothing else needs git.
    const { changedSince } = await import('./operations/changed.ts');
    const { timeout: _, ...options } = this.#options;
    return changedSince(
      base,
      { projectDir: this.#projectDir, env: this.#env },
      this.#options,
      (projectDir, signal) =>
        new SchemaBuilder({ ...options, projectDir, env: this.#env, signal }).treeHash(),
    );
  }

  /** Inspects every file without a database; with `parse`, PostgreSQL's own parser does too. */
  async check(
    options: { readonly schemaOnly?: boolean; readonly parse?: boolean } = {},
  ): Promise<CheckReport> {
    return checkSelected(this.files(options), { ...this.#options, parse: options.parse ?? false });
  }

  /**
   * Applies the schema to a temporary database, which is dropped afterwards, and reports the first statement
   * that fails.
   */
  async verify({
    schemaOnly = false,
    ...wishes
  }: VerifyWishes & { readonly schemaOnly?: boolean } = {}): Promise<VerifyReport> {
    const project = this.project();
    const request = requestOf(project, selectFiles(project, { schemaOnly }));
    // Loaded on demand: nothing else needs a database.
    const { verifySelected } = await import('./operations/verify.ts');
    return verifySelected(request, wishes, this.#options);
  }

  /**
   * Compares the schemas that two sides produce in a database. A side is a project, a revision of the
   * repository that contains this project, or a database. Each difference is reported with its definitions;
   * nothing is written.
   */
  async diff({
    schemaOnly = false,
    ...wishes
  }: DiffWishes & { readonly schemaOnly?: boolean }): Promise<DiffReport> {
    const { diffSides } = await import('./operations/diff.ts');
    const { timeout: _, ...options } = this.#options;
    return diffSides(
      wishes,
      { projectDir: this.#projectDir, env: this.#env },
      this.#options,
      (projectDir, signal) =>
        new SchemaBuilder({ ...options, projectDir, env: this.#env, signal }).build({
          output: null,
          sourceMap: true,
          schemaOnly,
        }),
    );
  }

  async #inferred(
    { twoPass }: ProjectConfig,
    files: readonly SelectedFile[],
    wishes: Pick<InferWishes, 'database'>,
  ): Promise<Inferred> {
    // Loaded on demand: nothing else needs a database.
    const { inferSelected } = await import('./operations/infer.ts');
    return inferSelected(files, { ...this.#options, ...wishes, twoPass });
  }

  /** Raw path of the output. */
  #place(output: string | undefined): string {
    const path = output ?? join('db', 'generated', `schema_${this.#env}.sql`);
    const whole =
      output === undefined ? resolve(this.#projectDir, path) : isAbsolute(path) ? path : resolve(path);
    return rawPath(whole);
  }
}
