import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { ErrorCode } from '@tandem/engine';
import {
  errnoOf,
  FileReader,
  type FileSteps,
  likenessCode,
  removeQuietly,
  scratchName,
  shownText,
  toFsPath,
  writeErrorCode,
} from '@tandem/files';
import { isDeadClaim } from '../store/claim.ts';
import { placeFile } from '../store/place-file.ts';
import { type Conversion, known } from './conversion.ts';
import { InFlight } from './in-flight.ts';
import { type Entry, failed, faultOf } from './outcome.ts';
import { isStillProved, type ProvedFile, proveFile } from './proved-file.ts';
import { lstatOf, stateOf } from './source-file.ts';

/** Syncs under way at once: enough to keep libuv's threads and a disk's queue busy, and far below any limit of open files. */
const MOST_SYNCS = 32;

/** Windows syncs only what is open for writing. */
const SYNC_FLAGS = process.platform === 'win32' ? constants.O_RDWR : constants.O_RDONLY;
const OWN_WRITE = 0o200;

const NO_BYTES = Buffer.alloc(0);

/** A conversion with what was done so far. */
interface Work {
  readonly conversion: Conversion;
  staged: string | null;
  /** Of the staged file, so that its target is known to be ours. */
  device: bigint;
  inode: bigint;
  placed: boolean;
  /** The target as it was proved. */
  proved: ProvedFile | null;
}

/** What went through carry(), for remove(). */
export type Carried = readonly Pick<Work, 'conversion'>[];

/** What a group needs to know of its run. */
export interface GroupOptions {
  readonly run: string;
  readonly keep: boolean;
  /** Leave out every sync. */
  readonly volatile: boolean;
  readonly steps: FileSteps;
}

/**
 * Conversions that go through the steps of spec/sidecar/convert.md together: carry() stages, syncs, places, syncs and proves;
 * after it, when the rows are in the journal, remove() removes the sources. A file that fails has its row say so, its source is
 * where it was and what was written for it is gone; the others go on.
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

  /** Everything up to the removal of the sources. Throws only for a mistake of ours. */
  async carry(conversions: readonly Conversion[]): Promise<Carried> {
    const works = conversions.map(
      (conversion): Work => ({
        conversion,
        staged: null,
        device: 0n,
        inode: 0n,
        placed: false,
        proved: null,
      }),
    );
    const syncs = new InFlight(MOST_SYNCS);
    for (const work of works) {
      if (!work.conversion.isThere) this.#stage(work);
    }
    this.#makeLike(works.filter(isWhole));
    if (!this.#options.volatile) {
      for (const work of works) if (isWhole(work)) await this.#sync(work, syncs);
      await syncs.done();
    }
    for (const work of works) if (isWhole(work)) this.#place(work);
    this.#syncFolders(works.filter(isWhole));
    for (const work of works) if (isWhole(work)) this.#prove(work);
    // The sources may wait for other groups to finish their batch; that long no document is kept.
    for (const { conversion } of works) conversion.bytes = NO_BYTES;
    return works;
  }

  /** Removes the sources of what was carried through; gives those rows that have become failures by it. */
  remove(carried: Carried): Entry[] {
    const late: Entry[] = [];
    if (this.#options.keep) return late;
    for (const work of carried as readonly Work[]) {
      if (!isWhole(work) || work.conversion.inPlace) continue;
      this.#removeSource(work);
      if (!isWhole(work)) late.push(work.conversion.entry);
    }
    return late;
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

  /** Scratch that the native engine left under the same run may have the number. */
  #create(work: Work): number {
    for (;;) {
      const staged = work.conversion.folder + scratchName(this.#options.run, ++this.#count);
      try {
        const fd = this.#steps.create(staged, 0o600);
        work.staged = staged;
        return fd;
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error;
      }
    }
  }

  /** Gives new files all that their sources have but bytes; targets that were found too, as their sources are going to be removed. */
  #makeLike(works: readonly Work[]): void {
    const made = works.filter((work) => !work.conversion.isThere || this.#openUp(work));
    const pairs = made.map((work) => ({ from: work.conversion.source.path, to: written(work) }));
    for (const [index, code] of this.#steps.makeLike(pairs, true).entries()) {
      if (code !== null) this.#fail(made[index] as Work, code);
    }
  }

  /** What nobody may write nobody can give attributes to. False where it cannot be helped. */
  #openUp(work: Work): boolean {
    let fd = -1;
    try {
      fd = openSync(toFsPath(work.conversion.target), SYNC_FLAGS);
      const { mode } = fstatSync(fd);
      if ((mode & OWN_WRITE) === 0) this.#steps.mode(fd, work.conversion.target, (mode & 0o7777) | OWN_WRITE);
      // There the bytes of a file would be written anew.
      if (process.platform === 'darwin') this.#fail(work, 'ERR_TANDEM_NOT_KEPT');
    } catch (error) {
      this.#fail(work, likenessCode(error));
    } finally {
      if (fd >= 0) closeSync(fd);
    }
    return isWhole(work);
  }

  /** A target that an interrupted run left may never have reached the disk. */
  #sync(work: Work, syncs: InFlight): Promise<void> {
    return syncs.add(async () => {
      const path = written(work);
      let fd = -1;
      try {
        fd = openSync(toFsPath(path), SYNC_FLAGS);
        await this.#steps.syncLater(fd, path);
      } catch (error) {
        this.#failBy(work, error);
      } finally {
        if (fd >= 0) closeSync(fd);
      }
    });
  }

  #place(work: Work): void {
    const { source, isThere } = work.conversion;
    const state = stateOf(source);
    if (state !== 'same') this.#fail(work, state === 'gone' ? 'ERR_TANDEM_NOT_FOUND' : 'ERR_TANDEM_CHANGED');
    else if (!isThere) this.#placeStaged(work, work.staged as string);
  }

  #placeStaged(work: Work, staged: string): void {
    const { target, inPlace, isClaimed, bytes } = work.conversion;
    // Nothing could be put back after the rename, so it is proved before.
    if (inPlace && !this.#holds(staged, bytes)) {
      this.#fail(work, 'ERR_TANDEM_PROOF_FAILED');
      return;
    }
    try {
      if (isClaimed && isDeadClaim(target)) this.#steps.unlink(target);
      if (inPlace) this.#steps.rename(staged, target);
      else if (!placeFile(staged, target, this.#options.run, this.#steps)) {
        this.#fail(work, 'ERR_TANDEM_TARGET_EXISTS');
        return;
      }
      work.staged = null;
      work.placed = true;
    } catch (error) {
      this.#failBy(work, error);
    }
  }

  #syncFolders(works: readonly Work[]): void {
    if (this.#options.volatile) return;
    for (const folder of new Set(works.map((work) => work.conversion.folder))) {
      try {
        this.#steps.syncFolder(folder);
      } catch (error) {
        for (const work of works) if (work.conversion.folder === folder) this.#failBy(work, error);
      }
    }
  }

  #prove(work: Work): void {
    const { target, bytes, inPlace } = work.conversion;
    if (inPlace) return;
    work.proved = proveFile(this.#reader, target, bytes);
    if (work.proved === null) this.#fail(work, 'ERR_TANDEM_PROOF_FAILED');
  }

  #removeSource(work: Work): void {
    const { conversion, proved } = work;
    const { source, target } = conversion;
    const state = stateOf(source);
    // Somebody else removed it; the document is in the target, and stays there.
    if (state === 'gone') return;
    if (state === 'changed') {
      this.#fail(work, 'ERR_TANDEM_CHANGED');
      return;
    }
    // The last look before the last copy but one goes: a run that knows nothing of our locks may have had the target in hand.
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

  /** Whether a file holds exactly these bytes. */
  #holds(path: string, bytes: Buffer): boolean {
    const reader = this.#reader;
    try {
      return reader.read(path) === null && bytes.equals(reader.bytes.subarray(0, reader.length));
    } finally {
      reader.close();
    }
  }

  #failBy(work: Work, error: unknown): void {
    const code = writeErrorCode(error);
    if (code === null) throw error;
    this.#fail(work, code);
  }

  /** Makes a row a failure, and leaves the tree as if the file had never been touched. */
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
      // While the source is there the document is; a target whose source is gone may be all there is of it.
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

/** The file with the new bytes, before it is placed. */
function written({ conversion, staged }: Work): string {
  return staged ?? conversion.target;
}

function isWhole(work: Work): boolean {
  return work.conversion.entry.outcome.status !== 'failed';
}
