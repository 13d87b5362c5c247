import { errorMessage } from '@tandem/engine';
import { errnoOf, type FileSteps, type FolderLocks, folderOf, placeFile, shownText } from '@tandem/files';
import { promisedBy } from '../walk/name-class.ts';
import { enterFolder, savedFault } from './enter-folder.ts';
import type { ManifestEntry, NotMoved } from './manifest.ts';
import {
  isAsPlanned,
  type LeftReason,
  type OrphanProof,
  type PlannedOrphan,
  type ProvedOrphan,
} from './orphan-proof.ts';
import type { OpenRun } from './quarantine.ts';
import { type StepFault, stepFault } from './step-fault.ts';

/** An orphan of the plan, with the fields of its row. */
export interface Orphan extends PlannedOrphan {
  readonly operation: string | null;
  /** Whether its path can be represented completely as text. */
  readonly isWhole: boolean;
}

/** The outcome of an orphan. */
export type Moved =
  | { readonly status: 'moved'; readonly stored: string }
  | { readonly status: 'left'; readonly reason: LeftReason }
  | { readonly status: 'failed'; readonly fault: StepFault };

/** An orphan that has an entry in the manifest. */
interface Written {
  readonly orphan: Orphan;
  readonly proved: ProvedOrphan;
  readonly entry: ManifestEntry;
  readonly index: number;
}

const OTHER_DISK = 'it is on another file system than the quarantine: clean up that folder by itself';
const NS_PER_MS = 1_000_000n;

/** Moves orphans into the folder of a run, group by group: spec/sidecar/cleanup.md, "Steps". */
export class OrphanMover {
  readonly #proof: OrphanProof;
  readonly #rootPrefix: string;
  readonly #openRun: () => OpenRun;
  readonly #locks: FolderLocks;
  readonly #steps: FileSteps;
  #run: OpenRun | null = null;
  #count = 0;

  /**
   * @param openRun called once, before the first file is moved
   * @param locks of the run, for the folders that files are moved out of
   */
  constructor(rootPrefix: string, proof: OrphanProof, openRun: () => OpenRun, locks: FolderLocks) {
    this.#rootPrefix = rootPrefix;
    this.#proof = proof;
    this.#openRun = openRun;
    this.#locks = locks;
    this.#steps = locks.steps;
  }

  /**
   * Moves one group: the manifest is durable before the first file is moved, and the folders are durable when
   * this returns.
   * @param isOver called before each file; once true, it stays true: what has not been moved by then has no
   * outcome
   */
  move(group: readonly Orphan[], isOver: () => boolean): (Moved | undefined)[] {
    const outcomes: (Moved | undefined)[] = [];
    const written: Written[] = [];
    for (const [index, orphan] of group.entries()) {
      if (isOver()) return outcomes.slice(0, written[0]?.index);
      const proved = this.#proof.read(orphan);
      if (typeof proved === 'string') outcomes[index] = { status: 'left', reason: proved };
      else written.push({ orphan, proved, entry: this.#entry(orphan, proved), index });
    }
    if (written.length === 0) return outcomes;
    this.#run ??= this.#openRun();
    this.#run.manifest.write(written.map(({ entry }) => entry));
    this.#run.manifest.sync();

    this.#proof.beginGroup();
    const notMoved: NotMoved[] = [];
    const changed = new Set<string>();
    const moved: Written[] = [];
    for (const each of written) {
      if (isOver()) {
        notMoved.push({ stored: each.entry.stored, not_moved: 'stopped' });
        continue;
      }
      const outcome = this.#moveOne(each, this.#run);
      outcomes[each.index] = outcome;
      if (outcome.status === 'moved') {
        changed.add(folderOf(each.orphan.path));
        moved.push(each);
      } else
        notMoved.push({
          stored: each.entry.stored,
          not_moved: outcome.status === 'left' ? outcome.reason : outcome.fault.code,
        });
    }
    for (const [each, reason] of this.#proof.returned(moved)) {
      const outcome = this.#putBack(each, reason, this.#run);
      outcomes[each.index] = outcome;
      if (outcome.status === 'left') notMoved.push({ stored: each.entry.stored, not_moved: outcome.reason });
    }
    // For people, and so that undo does not look for them; not worth a sync of its own.
    this.#run.manifest.write(notMoved);
    if (changed.size > 0) {
      this.#steps.syncFolder(this.#run.folder);
      for (const folder of changed) this.#syncSource(folder);
    }
    this.#locks.leave();
    return outcomes;
  }

  /** The run; null if nothing was moved. */
  get run(): OpenRun | null {
    return this.#run;
  }

  close(): void {
    this.#run?.manifest.close();
  }

  #moveOne({ orphan, proved, entry }: Written, { folder }: OpenRun): Moved {
    const fault = enterFolder(this.#locks, folderOf(orphan.path)) ?? savedFault(orphan.path, this.#steps);
    if (fault !== null) return { status: 'failed', fault };
    const reason = this.#proof.again(orphan, proved);
    if (reason !== null) return { status: 'left', reason };
    const stored = folder + entry.stored;
    try {
      this.#steps.rename(orphan.path, stored);
      this.#proof.moved(orphan);
      if (isAsPlanned(orphan, stored)) return { status: 'moved', stored: entry.stored };
      // Another file took its place between the last check and the move: it is moved back without overwriting
      // anything.
      if (placeFile(stored, orphan.path, this.#locks.run, this.#steps))
        return { status: 'left', reason: 'changed' };
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return { status: 'left', reason: 'changed' };
      return { status: 'failed', fault: stepFault(error, errnoOf(error) === 'EXDEV' ? OTHER_DISK : null) };
    }
    return changedFault(`another file took its place in that moment: ${keptAs(entry)}`);
  }

  /** Its image appeared while it was moved: it is moved back without overwriting anything. */
  #putBack({ orphan, entry }: Written, reason: LeftReason, { folder }: OpenRun): Moved {
    try {
      if (placeFile(folder + entry.stored, orphan.path, this.#locks.run, this.#steps))
        return { status: 'left', reason };
    } catch (error) {
      return { status: 'failed', fault: stepFault(error, `its image came back: ${keptAs(entry)}`) };
    }
    return changedFault(`its image came back, and another file in its place: ${keptAs(entry)}`);
  }

  #syncSource(folder: string): void {
    try {
      this.#steps.syncFolder(folder);
    } catch (error) {
      // The folder disappeared after its files were moved out of it: nothing in it is left to be made
      // durable.
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }

  #entry({ path, size, mtimeNs, operation, isWhole }: Orphan, { sha256 }: ProvedOrphan): ManifestEntry {
    const below = path.slice(this.#rootPrefix.length);
    this.#count += 1;
    return {
      stored: `${String(this.#count).padStart(8, '0')}.${promisedBy(path)}`,
      path: shownText(below),
      ...(isWhole ? {} : { path_bytes: Buffer.from(below, 'latin1').toString('base64') }),
      size,
      mtime: new Date(Number(BigInt(mtimeNs) / NS_PER_MS)).toISOString(),
      mtime_ns: mtimeNs,
      sha256,
      operation,
    };
  }
}

function keptAs({ stored }: ManifestEntry): string {
  return `this one is in the quarantine, as ${stored}`;
}

function changedFault(hint: string): Moved {
  const code = 'ERR_TANDEM_CHANGED';
  return { status: 'failed', fault: { code, message: errorMessage(code), hint } };
}
