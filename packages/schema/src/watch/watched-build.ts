import { LIMITS, type RunOptions, type Selection, TandemError } from '@tandem/engine';
import { folderOf, rootPrefix } from '@tandem/files';
import { createdTwice, type FileDefinition } from '../definitions/created-twice.ts';
import { type Finding, findingOf } from '../finding.ts';
import { type Separator, separatorOf } from '../join/separator.ts';
import { beginTwoPass } from '../operations/joined-body.ts';
import { orderBySaidNeeds } from '../order/needed-order.ts';
import { schemaHeader } from '../output/header.ts';
import { checkOutputPlace } from '../output/output-place.ts';
import type { ProjectConfig } from '../project/project-config.ts';
import { type SelectionWitness, selectFiles } from '../selection/select-files.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import { lineCount } from '../source-map/line-count.ts';
import { writeSourceMap } from '../source-map/map-file.ts';
import { sourceMapOf } from '../source-map/source-map.ts';
import type { PassedFiles, TwoPass } from '../two-pass/two-pass.ts';
import { Body } from './body.ts';
import { type KeptFile, KeptFiles } from './kept-files.ts';
import type { TreeChanges } from './tree-watcher.ts';
import type { WatchEvent, WatchedBuilt, WatchedFailure } from './watch-event.ts';
import { WatchedOutput } from './watched-output.ts';

export interface WatchedBuildOptions {
  readonly run: RunOptions;
  readonly readProject: () => ProjectConfig;
  /** Raw path. */
  readonly output: string;
  readonly schemaOnly: boolean;
  readonly sourceMap: boolean;
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
  /** Is told the folders to watch, raw and with a slash; says whether one is new, and so has to be looked into again. */
  readonly follow: (folders: ReadonlySet<string>) => boolean;
}

/** A build that stays in memory: what did not change is not read again. Its file is that of SchemaBuilder.build, byte for byte. */
export class WatchedBuild {
  readonly #options: WatchedBuildOptions;
  readonly #kept = new KeptFiles();
  readonly #body = new Body();
  readonly #passed: PassedFiles = new WeakMap();
  readonly #output: WatchedOutput;
  #project: ProjectConfig;
  #separator: Separator;
  /** In the configured order; null where all has to be looked at anew. */
  #files: readonly SelectedFile[] | null = null;
  #paths: ReadonlySet<string> = new Set();
  #folders: ReadonlySet<string> = new Set();
  /** Links by the real path of what they lead to. */
  #links: ReadonlyMap<string, string> = new Map();
  #hasFailed = false;
  #hasMap = false;
  /** What was created twice the last time. */
  #twice: {
    readonly version: number;
    readonly files: readonly SelectedFile[];
    readonly findings: readonly Finding[];
  } = { version: -1, files: [], findings: [] };

  /** @throws {TandemError} for a configuration that is not right */
  constructor(options: WatchedBuildOptions) {
    this.#options = options;
    this.#output = new WatchedOutput(options.output, options.run);
    this.#project = options.readProject();
    this.#separator = separatorFor(this.#project);
  }

  /** Do the bytes of this file matter? Where the selection failed those of any may. */
  readonly isKnown = (path: string): boolean =>
    this.#files === null || this.#paths.has(path) || this.#links.has(path) || path === this.#project.filePath;

  /**
   * Builds what changed; all of it the first time. What is wrong in the project is an event and not thrown.
   * @returns null where nothing came of the changes
   */
  async run(changes: TreeChanges): Promise<WatchEvent | null> {
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    let event: WatchEvent | null;
    try {
      event = await this.#build(changes, seconds);
    } catch (error) {
      if (!TandemError.isTandemError(error) || error.code === 'ERR_TANDEM_ABORTED') throw error;
      this.#files = null;
      event = { ...this.#failure(0, seconds()), error, findings: [findingOf(error)] };
    }
    const isNews = event === null || this.#hasFailed || event.status !== 'unchanged' || event.read > 0;
    this.#hasFailed = event?.status === 'failed';
    return isNews ? event : null;
  }

  async #build(changes: TreeChanges, seconds: () => number): Promise<WatchEvent> {
    const before = this.#files;
    const files = this.#filesAfter(changes);
    const changed = new Set([...changes.files].map((path) => this.#links.get(path) ?? path));
    const isSame = files === before && !changes.everything;
    const unread = isSame ? files.filter(({ path }) => changed.has(path)) : this.#kept.unread(files, changed);
    const selection = await this.#read(unread);
    this.#kept.retain(files);
    const kept = this.#kept.of(files);
    const findings = kept.flatMap((file) => file.findings);
    if (findings.some(({ severity }) => severity === 'error')) {
      return { ...this.#failure(unread.length, seconds()), findings };
    }
    const ordered = this.#order(files, kept);
    const { status, bytes } = this.#write(ordered, await this.#twoPass());
    return {
      status,
      output: shownPath(this.#options.output),
      files: files.length,
      bytes,
      bodySha256: this.#body.sha256,
      read: unread.length,
      changed: unread.map(({ path }) => shownPath(path)),
      selection,
      seconds: seconds(),
      // Looked for when the file is in its place: who waits for it waits no longer.
      findings: [...findings, ...this.#createdTwice(ordered)],
    };
  }

  #failure(read: number, seconds: number): WatchedFailure {
    const output = shownPath(this.#options.output);
    return { status: 'failed', output, error: null, findings: [], read, seconds };
  }

  /** The files as they are selected after some changes. */
  #filesAfter({ files, tree, everything }: TreeChanges): readonly SelectedFile[] {
    if (everything) this.#kept.clear();
    if (this.#files !== null && !tree && !files.has(this.#project.filePath)) return this.#files;
    this.#files = null;
    this.#readProject();
    return this.#select();
  }

  #readProject(): void {
    const before = this.#project;
    this.#project = this.#options.readProject();
    if (JSON.stringify(readingOf(this.#project)) === JSON.stringify(readingOf(before))) return;
    this.#separator = separatorFor(this.#project);
    this.#kept.clear();
  }

  /** Until no folder is new any more: what happens in one is told from when it is watched. */
  #select(): readonly SelectedFile[] {
    for (;;) {
      const { folders, links, witness } = witnessOf(this.#project);
      const selected = this.#trySelect(witness);
      // Where it failed not all folders were seen.
      this.#folders = Array.isArray(selected) ? folders : new Set([...this.#folders, ...folders]);
      if (this.#options.follow(this.#folders)) continue;
      if (!Array.isArray(selected)) throw selected;
      checkOutputPlace(this.#options.output, this.#project);
      this.#files = selected;
      this.#paths = new Set(selected.map(({ path }) => path));
      this.#links = links;
      return selected;
    }
  }

  #trySelect(witness: SelectionWitness): SelectedFile[] | TandemError {
    try {
      return [...selectFiles(this.#project, { schemaOnly: this.#options.schemaOnly, witness })];
    } catch (error) {
      if (TandemError.isTandemError(error)) return error;
      throw error;
    }
  }

  async #read(files: readonly SelectedFile[]): Promise<Selection | null> {
    if (files.length === 0) return null;
    const { run, maxSize = LIMITS.maxSchemaSize } = this.#options;
    const { check, twoPass } = this.#project;
    return this.#kept.read(files, {
      ...run,
      separator: this.#separator,
      lex: (check.enabled && check.failOnOpen) || twoPass,
      maxSize,
    });
  }

  async #twoPass(): Promise<TwoPass | null> {
    return this.#project.twoPass ? beginTwoPass(this.#separator, this.#passed) : null;
  }

  #order(files: readonly SelectedFile[], kept: readonly KeptFile[]): readonly SelectedFile[] {
    const { maxSize = LIMITS.maxSchemaSize } = this.#options;
    const bytes = kept.reduce((sum, { joined }) => sum + joined.bytes, 0);
    if (bytes > maxSize) throw new TandemError('ERR_TANDEM_TOO_MUCH_INPUT', { params: { limit: maxSize } });
    const said = kept.flatMap(({ needs }, index) => (needs.length === 0 ? [] : [[index, needs] as const]));
    return orderBySaidNeeds(files, said) ?? files;
  }

  /** Looked for anew only where it can be other than it was: in a large schema it takes longer than the build. */
  #createdTwice(files: readonly SelectedFile[]): readonly Finding[] {
    const version = this.#kept.definitionsVersion;
    const twice = this.#twice;
    const isSame =
      version === twice.version &&
      files.length === twice.files.length &&
      files.every(({ path }, at) => path === twice.files[at]?.path);
    // Where there are some their places may have changed.
    if (!isSame || twice.findings.length > 0) {
      this.#twice = { version, files, findings: createdTwice(files, this.#definitions(files)) };
    }
    return this.#twice.findings;
  }

  *#definitions(files: readonly SelectedFile[]): Generator<FileDefinition, void, undefined> {
    for (const [file, { definitions }] of this.#kept.of(files).entries()) {
      for (const definition of definitions) yield { ...definition, file };
    }
  }

  #write(files: readonly SelectedFile[], passes: TwoPass | null): Pick<WatchedBuilt, 'status' | 'bytes'> {
    const body = this.#body;
    const kept = this.#kept.of(files);
    const parts: Uint8Array[] = kept.map(({ part, label }) =>
      passes === null ? part : passes.file(part, this.#separator.label(label)),
    );
    if (passes !== null) parts.push(passes.end());
    body.set(parts);
    const facts = { env: this.#project.env, bodySha256: body.sha256, files: files.length };
    const header = Buffer.from(schemaHeader(facts));
    const status = this.#output.write(header, body.runs(), body.length);
    // Where keys move, the same bytes may come from other places; and what was there before may have no map.
    const isMapNew = status === 'written' || passes !== null || !this.#hasMap;
    if (this.#options.sourceMap && isMapNew) this.#writeMap(header, files, passes);
    return { status, bytes: header.length + body.length };
  }

  #writeMap(header: Buffer, files: readonly SelectedFile[], passes: TwoPass | null): void {
    const map = sourceMapOf({
      bodySha256: this.#body.sha256,
      headerLines: lineCount(header.toString()),
      separatorLines: lineCount(this.#separator.pieces.join('')),
      files,
      joined: this.#kept.of(files).map(({ joined }) => joined),
      passes,
    });
    writeSourceMap(this.#options.output, map);
    this.#hasMap = true;
  }
}

/** What the files have to be read again for when it is another. */
function readingOf({ separator, check, twoPass }: ProjectConfig): readonly unknown[] {
  return [separator, check, twoPass];
}

function separatorFor({ separator }: ProjectConfig): Separator {
  return separatorOf(separator.style, separator.template);
}

/** Gathers the folders that a selection depends on, those above its include folders among them: one may come and go. */
function witnessOf(project: ProjectConfig): {
  readonly folders: ReadonlySet<string>;
  readonly links: ReadonlyMap<string, string>;
  readonly witness: SelectionWitness;
} {
  const folders = new Set([folderOf(project.filePath)]);
  for (const { path } of project.includes) folders.add(folderOf(path));
  const links = new Map<string, string>();
  const witness = {
    folder: (path: string): void => {
      folders.add(rootPrefix(path));
    },
    link: (path: string, target: string): void => {
      links.set(target, path);
      folders.add(folderOf(target));
    },
  };
  return { folders, links, witness };
}
