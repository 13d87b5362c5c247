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

/** Where a project is, and how runs over it are made. */
export interface SchemaBuilderOptions extends RunOptions {
  /** The folder that has db/environments; the working folder unless given. */
  readonly projectDir?: string;
  /** db/environments/ENV.yaml; local unless given. */
  readonly env?: string;
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
}

/** What one build is told. */
export interface SchemaBuildOptions {
  /** The file to write; db/generated/schema_ENV.sql of the project unless given, null to be given the bytes. */
  readonly output?: string | null;
  /** Leave out seeds. */
  readonly schemaOnly?: boolean;
  /** Write FILE.map.json beside the file. */
  readonly sourceMap?: boolean;
  /** 'none' leaves out the syncs: a power failure may then take the file; 'full' unless given. */
  readonly durability?: 'full' | 'none';
}

/** What a watch is told. Its output is written without syncs: the next change is not far. */
export interface SchemaWatchOptions {
  /** The file to write; db/generated/schema_ENV.sql of the project unless given. */
  readonly output?: string;
  /** Leave out seeds. */
  readonly schemaOnly?: boolean;
  /** Write FILE.map.json beside the file. */
  readonly sourceMap?: boolean;
}

/** Which files an order is found for, and where. */
export interface InferWishes {
  /** Leave out seeds. */
  readonly schemaOnly?: boolean;
  /** 'auto' unless given. */
  readonly database?: DatabaseChoice;
}

/**
 * The schema of a project in the form of confiture: db/schema/*.sql and db/environments/ENV.yaml. Nothing is read before a method is
 * called, and every call reads anew.
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

  /** The files of a build in the configured order, each with how it came to be in it; none is read. */
  files(options: { readonly schemaOnly?: boolean } = {}): readonly SelectedFile[] {
    return selectFiles(this.project(), options);
  }

  /** The same in the order of the build: every file after what it requires. */
  async order(options: { readonly schemaOnly?: boolean } = {}): Promise<readonly SelectedFile[]> {
    return orderSelected(this.files(options), this.#options);
  }

  /** The files in the order of the build, each with the reason for its place in a few words. */
  async explain(options: { readonly schemaOnly?: boolean } = {}): Promise<readonly ExplainedFile[]> {
    const explained = explainFiles(this.project(), options);
    const place = new Map(explained.map(({ path }, index) => [path, index]));
    let last = -1;
    return (await orderSelected(explained, this.#options)).map((file) => {
      const index = place.get(file.path) as number;
      const { reason } = explained[index] as ExplainedFile;
      // What comes behind a later one was held back.
      const isHeldBack = index < last;
      last = Math.max(last, index);
      return { ...file, reason: isHeldBack ? 'behind what it requires' : reason };
    });
  }

  /**
   * Applies the files one by one to a fresh database, which is gone afterwards, and puts off what PostgreSQL refuses: the order in which all
   * of them go through, with the reason for every file that moves. Lines that require a file count too; nothing is written.
   * @throws {TandemError} what keeps a file from being read, ERR_TANDEM_REQUIRES_MISSING, ERR_TANDEM_NO_DATABASE, ERR_TANDEM_DATABASE_FAILED
   */
  async inferNeeds({ schemaOnly = false, ...wishes }: InferWishes = {}): Promise<ProposedOrder> {
    const project = this.project();
    const explained = explainFiles(project, { schemaOnly });
    return proposedOrder(explained, await this.#inferred(project, explained, wishes));
  }

  /**
   * Writes what inferNeeds finds into the files, as lines `-- requires: path` at their top, where a build would not have that order without.
   * Nothing is written where inferNeeds has errors, or where a file that needs a line is a link. A second call writes nothing.
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

  /** Builds one file out of all. Throws the first error in them; an existing output then stays as it was. */
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
   * Builds, and builds again on every change of a file, a folder or the configuration, as build() does. An event for each build, the first
   * one at once; a build that fails is one too, and leaves the output as it was. Ends when the signal of the builder is aborted, or the
   * loop over it is left.
   * @throws {TandemError} what is wrong with the configuration when it begins; ERR_TANDEM_WATCH_FAILED
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
   * Builds three files, for what a superuser runs before the application's own files, those, and what a superuser runs after them.
   * @param folder where they go; db/generated of the project unless given
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

  /** The tree hash: which files and folders changed, not only that something did. */
  async treeHash(): Promise<TreeNode> {
    return treeHashSelected(this.files(), this.#options);
  }

  /** The files and folders that differ from a tree hash, another project's folder, or a revision of the repository that holds this one. */
  async changedSince(base: ChangeBase): Promise<TreeChange[]> {
    // Loaded where it is asked for: nothing else needs git.
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

  /** Looks into every file, without a database; with `parse` PostgreSQL's own parser does too. */
  async check(
    options: { readonly schemaOnly?: boolean; readonly parse?: boolean } = {},
  ): Promise<CheckReport> {
    return checkSelected(this.files(options), { ...this.#options, parse: options.parse ?? false });
  }

  /** Applies the schema to a fresh database, which is gone afterwards, and finds the first statement that fails. */
  async verify({
    schemaOnly = false,
    ...wishes
  }: VerifyWishes & { readonly schemaOnly?: boolean } = {}): Promise<VerifyReport> {
    const project = this.project();
    const request = requestOf(project, selectFiles(project, { schemaOnly }));
    // Loaded where it is asked for: nothing else needs a database.
    const { verifySelected } = await import('./operations/verify.ts');
    return verifySelected(request, wishes, this.#options);
  }

  /**
   * Compares what two sides come to in a database: projects, revisions of the repository that holds this project, databases. Each
   * difference is told with its definitions; nothing is written.
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
    // Loaded where it is asked for: nothing else needs a database.
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
