import type { ErrorCode, RunContext } from '@tandem/engine';
import {
  type Fault,
  type FileSteps,
  type MakeLike,
  type RenameNew,
  removeQuietly,
  scratchName,
} from '@tandem/files';
import type { NativeAddon, NativeFault, NativeStaged } from '@tandem/native';
import type { ConvertRequest } from '../engines/requests.ts';
import type { StoredFormat } from '../generated/formats.ts';
import { type Conversion, NO_BYTES } from './conversion.ts';
import { targetName } from './folder-names.ts';
import { converted, type Entry, failed, type Outcome, type SkipReason, skipped } from './outcome.ts';
import type { PlannedFile } from './planner.ts';

/** The addon's result for a file. */
export interface Made {
  /** Its row; null if the document belongs to another operation. */
  readonly entry: Entry | null;
  /** The staged conversion; null if nothing is to be converted, or nothing was to be written. */
  readonly conversion: Conversion | null;
  /** Bytes read. */
  readonly read: number;
}

/**
 * The addon's part of a convert, which processes many files at once on its own threads: it reads, judges,
 * encodes and stages an ordinary file whose target is free; copies everything except the bytes from one file
 * to another; and syncs a whole file system.
 */
export class NativeConvert {
  readonly #addon: NativeAddon;
  readonly #request: ConvertRequest;
  readonly #workers: number;

  constructor(addon: NativeAddon, request: ConvertRequest, { workers }: RunContext) {
    this.#addon = addon;
    this.#request = request;
    this.#workers = workers;
  }

  /**
   * @param files in the order of their folders
   * @param writes whether staged files may be created in a folder
   * @param first the number of the first staged file; each file has a number of its own
   */
  async stage(
    files: readonly PlannedFile[],
    writes: (folder: string) => boolean,
    first: number,
    steps: FileSteps,
  ): Promise<Made[]> {
    const { operation, to, legacyLayout, maxSize, maxDepth, run } = this.#request;
    const folders = inFolders(files, writes, first);
    const request = { operation, to, legacyLayout, maxSize, maxDepth, run, workers: this.#workers };
    const paths = folders.flatMap(({ path, names, first }) =>
      first === 0 ? [] : names.map((_, index) => path + scratchName(run, first + index)),
    );
    const native = folders.map(({ path, names, first }) => ({
      path: Buffer.from(path, 'latin1'),
      names: Buffer.from(names.join('/'), 'latin1'),
      first,
    }));
    const staged = await steps
      .stage(paths, () => this.#addon.stageFiles({ ...request, folders: native }))
      .catch((error: unknown) => {
        for (const path of paths) removeQuietly(path, steps);
        throw error;
      });
    return staged.map((one, index) => this.#made(one, files[index] as PlannedFile));
  }

  readonly makeLike: MakeLike = (pairs, withTimes) =>
    pairs.map(
      ({ from, to }) =>
        this.#addon.makeLike(
          Buffer.from(from, 'latin1'),
          Buffer.from(to, 'latin1'),
          withTimes,
        ) as ErrorCode | null,
    );

  readonly renameNew: RenameNew = (from, to) =>
    this.#addon.renameNew(Buffer.from(from, 'latin1'), Buffer.from(to, 'latin1'));

  syncSystem(descriptor: number): Promise<void> {
    return this.#addon.syncSystem(descriptor);
  }

  #made(staged: NativeStaged, { paths, name }: PlannedFile): Made {
    const { read, source, file } = staged;
    const target = targetName(name, this.#request.to);
    const outcome = outcomeOf(staged, target);
    const entry = outcome && { paths, name, outcome };
    if (entry === null || source === undefined || file === undefined)
      return { entry, conversion: null, read };
    const { number, device, inode, digest } = file;
    const conversion: Conversion = {
      entry,
      source: { path: paths.prefix + name, ...source, digest: source.digest ?? null },
      folder: paths.prefix,
      target: paths.prefix + target,
      inPlace: false,
      isThere: false,
      isClaimed: false,
      bytes: NO_BYTES,
      staged: {
        path: paths.prefix + scratchName(this.#request.run, number),
        device,
        inode,
        content: { size: entry.outcome.bytesAfter as number, digest },
      },
    };
    return { entry, conversion, read };
  }
}

/** Null if the document belongs to another operation. */
function outcomeOf(staged: NativeStaged, target: string): Outcome | null {
  const {
    status,
    reason,
    kind = null,
    fault,
    hasTarget,
    bytesBefore = null,
    bytesAfter = null,
    respelled,
  } = staged;
  const from = (staged.from ?? null) as StoredFormat | null;
  const facts = { from, bytesBefore, target: hasTarget ? target : null };
  switch (status) {
    case 'converted':
      return converted({ ...facts, bytesAfter, respelled });
    case 'skipped':
      return skipped(reason as SkipReason, { ...facts, kind });
    case 'failed':
      if (fault === undefined) throw new Error('a file that failed has a fault');
      return failed(shown(fault), facts);
    default:
      return null;
  }
}

function shown({ code, message, hint, offset, line, column }: NativeFault): Fault {
  const place = { offset: offset ?? null, line: line ?? null, column: column ?? null };
  return { code: code as ErrorCode, message, hint, ...place };
}

/** The files of a folder are consecutive. */
function inFolders(
  files: readonly PlannedFile[],
  writes: (folder: string) => boolean,
  first: number,
): { readonly path: string; readonly names: string[]; readonly first: number }[] {
  const folders: { path: string; names: string[]; first: number }[] = [];
  for (const [index, { paths, name }] of files.entries()) {
    const { prefix } = paths;
    const last = folders.at(-1);
    if (last?.path === prefix) last.names.push(name);
    else folders.push({ path: prefix, names: [name], first: writes(prefix) ? first + index : 0 });
  }
  return folders;
}
