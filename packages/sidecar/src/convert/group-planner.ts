import { setImmediate } from 'node:timers/promises';
import type { Limits } from '@tandem/engine';
import type { FolderLocks } from '@tandem/files';
import type { FolderWalk } from '../walk/folder-walk.ts';
import { type Conversion, isConversion, type Plan } from './conversion.ts';
import { ConvertBatch } from './convert-batch.ts';
import type { FolderFiles } from './folder-files.ts';
import { ownFolder } from './own-folder.ts';
import type { PlannedFile, Planner } from './planner.ts';

/** The sizes at which a batch and a group are full: numbers of files and batches, and bytes of targets. */
export type GroupSizes = Pick<
  Limits,
  'batchWeight' | 'convertGroupFiles' | 'convertGroupBatches' | 'convertGroupBytes'
>;

/** Files that go through the steps together. */
export interface Group {
  readonly conversions: Conversion[];
  /** For the addon, which decides their outcome. */
  readonly plain: readonly PlainFile[];
  /** The batches that end in this group. */
  readonly batches: readonly ConvertBatch[];
  /** Whether its last batch continues in the next group. */
  readonly isOpen: boolean;
}

/** A file for the addon, and the place of its row. */
export interface PlainFile {
  readonly file: PlannedFile;
  readonly batch: ConvertBatch;
  readonly slot: number;
}

/** The parts that a run plans with. */
export interface PlannerParts {
  readonly walk: FolderWalk;
  readonly files: FolderFiles;
  readonly planner: Planner;
  /** Null in a dry run. */
  readonly locks: FolderLocks | null;
  readonly hasAddon: boolean;
  readonly sizes: GroupSizes;
  /** The number of the first batch. */
  readonly firstBatch: number;
}

/** The batch whose files are being planned, and its remaining files. */
interface OpenBatch {
  readonly batch: ConvertBatch;
  readonly files: ReturnType<FolderFiles['of']>;
}

/** Walks, and plans files group by group. */
export class GroupPlanner {
  readonly #parts: PlannerParts;
  #batches: number;
  #open: OpenBatch | null = null;
  #cancelled = false;
  #isWalked = false;

  constructor(parts: PlannerParts) {
    this.#parts = parts;
    this.#batches = parts.firstBatch;
  }

  /** Whether the walk has reached its end. */
  get isWalked(): boolean {
    return this.#isWalked;
  }

  /** Whether nothing more is planned. */
  get isDone(): boolean {
    return this.#isWalked || (this.#cancelled && this.#open === null);
  }

  /** Ends the planning with the batch that has begun. */
  cancel(): void {
    this.#cancelled = true;
  }

  /** Plans files until the group is full; null if there are none left. */
  async plan(): Promise<Group | null> {
    const { locks, sizes, hasAddon, planner } = this.#parts;
    const { batchWeight, convertGroupFiles, convertGroupBatches, convertGroupBytes } = sizes;
    const conversions: Conversion[] = [];
    const plain: PlainFile[] = [];
    const batches: ConvertBatch[] = [];
    let bytes = 0;
    const count = (): number => conversions.length + plain.length;
    while (count() < convertGroupFiles && bytes < convertGroupBytes) {
      this.#open ??= await this.#nextBatch();
      if (this.#open === null) break;
      const { batch, files } = this.#open;
      const next = files.next();
      if (next.done) {
        batches.push(batch);
        this.#open = null;
        const roomForAnother =
          count() + batchWeight <= convertGroupFiles && batches.length < convertGroupBatches;
        if (!roomForAnother || locks === null) break;
        continue;
      }
      const file = next.value;
      if ('outcome' in file) batch.slots.push(file);
      else if (hasAddon && planner.isPlain(file))
        plain.push({ file, batch, slot: batch.slots.push(null) - 1 });
      else {
        const plan = this.#planOurs(batch, file);
        if (plan === null) continue;
        batch.slots.push(isConversion(plan) ? plan.entry : plan);
        if (!isConversion(plan) || locks === null) continue;
        conversions.push(plan);
        bytes += plan.bytes.length;
      }
    }
    const isOpen = this.#open !== null;
    return batches.length > 0 || isOpen ? { conversions, plain, batches, isOpen } : null;
  }

  /** Plans one file here, and counts it. */
  planHere(batch: ConvertBatch, file: PlannedFile): Plan {
    const { planner } = this.#parts;
    const { bytesRead, otherOperation } = planner;
    const plan = planner.plan(file);
    batch.bytes += planner.bytesRead - bytesRead;
    batch.otherOperation += planner.otherOperation - otherOperation;
    return plan;
  }

  async #nextBatch(): Promise<OpenBatch | null> {
    // Between two batches, timers, signals and other work have their turn.
    await setImmediate();
    const { walk, files } = this.#parts;
    const walked = this.#cancelled ? null : walk.next();
    if (walked === null) {
      this.#isWalked = !this.#cancelled;
      return null;
    }
    const batch = new ConvertBatch(this.#batches++, walked.cursor, walked.counts);
    return { batch, files: files.of(walked) };
  }

  /**
   * Plans a conversion again once its folder is locked: until then, another run may have changed the folder.
   */
  #planOurs(batch: ConvertBatch, file: PlannedFile): Plan {
    const { planner, locks, files } = this.#parts;
    const plan = this.planHere(batch, file);
    if (plan === null || !isConversion(plan) || locks === null || locks.has(plan.folder)) return plan;
    return ownFolder(locks, plan) ? planner.plan({ ...file, names: files.relisted() }) : plan.entry;
  }
}
