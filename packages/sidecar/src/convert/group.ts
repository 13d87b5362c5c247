import { hash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { ErrorCode } from '@tandem/engine';
import {
  errnoOf,
  FileReader,
  type FileSteps,
  isDeadClaim,
  likenessCode,
  openToSync,
  placeFile,
  removeQuietly,
  scratchName,
  shownText,
  writeErrorCode,
} from '@tandem/files';
import { type Content, type Conversion, known, NO_BYTES } from './conversion.ts';
import type { NativeConvert } from './native-convert.ts';
import { type Entry, failed, faultOf } from './outcome.ts';
import { isStillProved, type ProvedFile, proveFile } from './proved-file.ts';
import { lstatOf, stateOf } from './source-file.ts';
import type { Syncs, Unsynced } from './syncs.ts';

const OWN_WRITE = 0o200;
/** Files that are placed, proved or removed between two turns of the event loop: about ten milliseconds. */
const FILES_A_TURN = 64;

/** A conversion with its progress so far. */
interface Work {
  readonly conversion: Conversion;
  /** The content that the target must have. */
  readonly content: Content;
  staged: string | null;
  /** Of the file that holds it, so that the target can be recognized as this run's own. */
  device: bigint;
  inode: bigint;
  placed: boolean;
  /** The target as it was proved. */
  proved: ProvedFile | null;
}

/** What went through stage(), for settle() and remove(). */
export type Staged = readonly Pick<Work, 'conversion'>[];

/** What a group must know about its run. */
export interface GroupOptions {
  readonly run: string;
  readonly keep: boolean;
  /** Null omits every sync. */
  readonly syncs: Syncs | null;
  /** The work of the addon; null for the TypeScript engine. */
  readonly native: NativeConvert | null;
  readonly steps: FileSteps;
}

/**
 * Conversions that go through the steps of spec/sidecar/convert.md together: stage() writes what the addon
 * has not written; settle() syncs, places, syncs and proves; afterwards, when the rows are in the journal,
 * remove() removes the sources. If a file fails, its row becomes a failure, its source stays where it was and
 * what was written for it is removed; the other files continue.
 */
export class ConvertGroup {
  readonly #options: GroupOptions;
  readonly #steps: FileSteps;
  readonly #reader: FileReader = new FileReader(Number.MAX_SAFE_INTEGER);
  #count = 0;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#steps = options.steps;
  }

  /** Reserves this many numbers for the names of staged files; returns the first. */
  reserve(count: number): number {
    const first = this.#count + 1;
    this.#count += count;
    return first;
  }

  /**
   * Writes the staged files. This and the other methods throw only on a bug, or if the run must not change
   * anything any longer.
   */
  stage(conversions: readonly Conversion[]): Staged {
    const works = conversions.map(begun);
    const unwritten = works.filter(({ staged }) => staged === null);
    for (const work of unwritten) {
      if (!work.conversion.isThere) this.#stage(work);
      // The file may wait until others are planned; its document is not kept in memory that long.
      work.conversion.bytes = NO_BYTES;
    }
    this.#makeLike(unwritten.filter(isWhole));
    return works;
  }

  /** Everything up to the removal of the sources. */
  async settle(staged: Staged): Promise<void> {
    const works = staged as readonly Work[];
    const { syncs } = this.#options;
    const unsynced = (): Unsynced[] => works.filter(isWhole).map((work) => this.#unsynced(work));
    await syncs?.bytes(unsynced());
    await eachWhole(works, (work) => this.#place(work));
    await syncs?.names(unsynced());
    await eachWhole(works, (work) => this.#prove(work));
  }

  /** Removes the sources of what was settled; returns the rows that this has turned into failures. */
  async remove(staged: Staged): Promise<Entry[]> {
    const late: Entry[] = [];
    if (this.#options.keep) return late;
    await eachWhole(staged as readonly Work[], (work) => {
      if (work.conversion.inPlace) return;
      this.#removeSource(work);
      if (!isWhole(work)) late.push(work.conversion.entry);
    });
    return late;
  }

  /** Removes staged files that are not to be placed. The next run sweeps what cannot be removed. */
  discard(staged: Staged): void {
    for (const work of staged as readonly Work[])
      if (work.staged !== null) removeQuietly(work.staged, this.#steps);
  }

  #stage(work: Work): void {
    let fd = -1;
    try {
      fd = this.#create(work);
      const stats = fstatSync(fd, { bigint: true });
      work.device = stats.dev;
      work.inode = stats.ino;
      this.#steps.write(fd, work.staged as string, work.conversion.bytes);
    } catch (error) {
      this.#failBy(work, error);
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  }

  /** The name may be taken by scratch that the native engine left under the same run. */
  #create(work: Work): number {
    for (;;) {
      const staged = work.conversion.folder + scratchName(this.#options.run, this.reserve(1));
      try {
        const fd = this.#steps.create(staged, 0o600);
        work.staged = staged;
        return fd;
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error;
      }
    }
  }

  /**
   * Gives new files everything their sources have except the bytes; existing targets too, because their
   * sources are going to be removed.
   */
  #makeLike(works: readonly Work[]): void {
    const made = works.filter((work) => !work.conversion.isThere || this.#openUp(work));
    const pairs = made.map((work) => ({ from: work.conversion.source.path, to: written(work) }));
    for (const [index, code] of this.#steps.makeLike(pairs, true, this.#options.native?.makeLike).entries()) {
      if (code !== null) this.#fail(made[index] as Work, code);
    }
  }

  /**
   * Makes a target writable, because attributes of a read-only file cannot be set. False if they cannot be
   * given to it.
   */
  #openUp(work: Work): boolean {
    let fd = -1;
    try {
      fd = openToSync(work.conversion.target);
      const { mode, dev } = fstatSync(fd, { bigint: true });
      work.device = dev;
      const bits = Number(mode) & 0o7777;
      if ((bits & OWN_WRITE) === 0) this.#steps.mode(fd, work.conversion.target, bits | OWN_WRITE);
      // On macOS, the bytes of the file would be written anew.
      if (process.platform === 'darwin') this.#fail(work, 'ERR_TANDEM_NOT_KEPT');
    } catch (error) {
      this.#fail(work, likenessCode(error));
    } finally {
      if (fd >= 0) closeSync(fd);
    }
    return isWhole(work);
  }

  /** A target that an interrupted run left may never have reached the disk. */
  #unsynced(work: Work): Unsynced {
    const { folder } = work.conversion;
    return { path: written(work), folder, device: work.device, fail: (error) => this.#failBy(work, error) };
  }

  #place(work: Work): void {
    const { source, isThere } = work.conversion;
    const state = stateOf(source);
    if (state !== 'same') this.#fail(work, state === 'gone' ? 'ERR_TANDEM_NOT_FOUND' : 'ERR_TANDEM_CHANGED');
    else if (!isThere) this.#placeStaged(work, work.staged as string);
  }

  #placeStaged(work: Work, staged: string): void {
    const { target, inPlace, isClaimed } = work.conversion;
    const { run, native } = this.#options;
    // After the rename, the source could not be restored, so the file is proved before it.
    if (inPlace && proveFile(this.#reader, staged, work.content) === null) {
      this.#fail(work, 'ERR_TANDEM_PROOF_FAILED');
      return;
    }
    try {
      if (isClaimed && isDeadClaim(target)) this.#steps.unlink(target);
      if (inPlace) this.#steps.rename(staged, target);
      else if (!placeFile(staged, target, run, this.#steps, native?.renameNew)) {
        this.#fail(work, 'ERR_TANDEM_TARGET_EXISTS');
        return;
      }
      work.staged = null;
      work.placed = true;
    } catch (error) {
      this.#failBy(work, error);
    }
  }

  #prove(work: Work): void {
    const { target, inPlace } = work.conversion;
    if (inPlace) return;
    work.proved = proveFile(this.#reader, target, work.content);
    if (work.proved === null) this.#fail(work, 'ERR_TANDEM_PROOF_FAILED');
  }

  #removeSource(work: Work): void {
    const { conversion, proved } = work;
    const { source, target } = conversion;
    const state = stateOf(source);
    // Another process removed it; the document is in the target, and stays there.
    if (state === 'gone') return;
    if (state === 'changed') {
      this.#fail(work, 'ERR_TANDEM_CHANGED');
      return;
    }
    // The last check before one of the last two copies is removed: a run that does not know of the locks may
    // have been working on the target.
    if (!isStillProved(this.#reader, target, proved)) {
      this.#fail(work, 'ERR_TANDEM_TARGET_CHANGED');
      return;
    }
    try {
      this.#steps.unlink(source.path);
    } catch (error) {
      this.#failBy(work, error);
    }
  }

  #failBy(work: Work, error: unknown): void {
    const code = writeErrorCode(error);
    if (code === null) throw error;
    this.#fail(work, code);
  }

  /** Turns a row into a failure, and leaves the tree as if the file had never been touched. */
  #fail(work: Work, code: ErrorCode): void {
    const { entry, target } = work.conversion;
    const { outcome } = entry;
    const fault = faultOf(code, { target: shownText(outcome.target ?? '') });
    entry.outcome = failed(fault, known(outcome));
    if (work.staged !== null) removeQuietly(work.staged, this.#steps);
    if (
      work.placed &&
      !work.conversion.inPlace &&
      this.#isOurs(work) &&
      code !== 'ERR_TANDEM_TARGET_CHANGED' &&
      stateOf(work.conversion.source) !== 'gone'
    ) {
      // While the source exists, so does the document; a target whose source is gone may be the only copy.
      removeQuietly(target, this.#steps);
    }
  }

  #isOurs({ conversion, device, inode }: Work): boolean {
    try {
      const stats = lstatOf(conversion.target);
      return stats !== null && stats.dev === device && stats.ino === inode;
    } catch {
      return false;
    }
  }
}

function begun(conversion: Conversion): Work {
  const { staged, bytes } = conversion;
  return {
    conversion,
    content: staged?.content ?? { size: bytes.length, digest: hash('sha256', bytes) },
    staged: staged?.path ?? null,
    device: staged?.device ?? 0n,
    inode: staged?.inode ?? 0n,
    placed: false,
    proved: null,
  };
}

/** The file with the new bytes, before it is placed. */
function written({ conversion, staged }: Work): string {
  return staged ?? conversion.target;
}

function isWhole(work: Work): boolean {
  return work.conversion.entry.outcome.status !== 'failed';
}

async function eachWhole(works: readonly Work[], act: (work: Work) => void): Promise<void> {
  for (const [index, work] of works.entries()) {
    if (index % FILES_A_TURN === 0) await setImmediate();
    if (isWhole(work)) act(work);
  }
}
