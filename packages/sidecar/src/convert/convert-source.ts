import { type BatchSource, LIMITS } from '@tandem/engine';
import {
  decodeCursor,
  type FileSteps,
  FolderLocks,
  type JournaledBatch,
  JournalReader,
  JournalWriter,
  parseRun,
  rootPrefix,
} from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import type { RowBatch } from '@tandem/native';
import { type ConvertRequest, finishesOthers, unfinishedBy } from '../engines/requests.ts';
import { FolderWalk } from '../walk/folder-walk.ts';
import { LinkedFiles } from '../walk/linked-files.ts';
import { isConversion } from './conversion.ts';
import { type ConvertBatch, handedOut } from './convert-batch.ts';
import type { RowStyle } from './convert-rows.ts';
import { FolderFiles } from './folder-files.ts';
import { FolderNames } from './folder-names.ts';
import { ConvertGroup, type Staged } from './group.ts';
import { type Group, GroupPlanner, type GroupSizes } from './group-planner.ts';
import type { NativeConvert } from './native-convert.ts';
import type { Entry } from './outcome.ts';
import { ownFolder } from './own-folder.ts';
import { PlainStaging } from './plain-staging.ts';
import { Planner, storedFormat } from './planner.ts';
import { madeWhereItGoesOn, Replay, withFailures } from './replay.ts';
import { Sweeper } from './sweep.ts';
import { Syncs } from './syncs.ts';

/** A group that is being staged. */
interface InHand {
  readonly group: Group;
  readonly staging: Promise<Staged>;
}

/**
 * A convert on either engine. With the addon, its threads stage one group while the group before it is
 * synced, placed, proved and removed here. It hands out whole batches whose sources have been removed; memory
 * holds the new bytes of one group, the rows of a few batches and the names of the largest folder.
 */
export class ConvertSource implements BatchSource<RowBatch> {
  readonly #request: ConvertRequest;
  readonly #style: RowStyle;
  readonly #replay: Replay;
  readonly #linked: LinkedFiles = new LinkedFiles();
  readonly #files: FolderFiles;
  readonly #groups: GroupPlanner;
  /** Null in a dry run, which changes nothing. */
  readonly #locks: FolderLocks | null;
  readonly #syncs: Syncs | null;
  readonly #group: ConvertGroup;
  readonly #plain: PlainStaging | null;
  readonly #journal: JournalWriter;
  readonly #ready: RowBatch[] = [];
  #begun = false;
  #inHand: InHand | null = null;
  /** Completed, but not handed out yet. */
  #settled: ConvertBatch[] = [];
  #carried: Staged[] = [];
  #cancelled = false;
  #isOver = false;

  /**
   * @param native the work of the addon; null for the TypeScript engine
   * @param sizes smaller in tests
   */
  constructor(
    request: ConvertRequest,
    steps: FileSteps = JOB_STEPS,
    native: NativeConvert | null = null,
    sizes: GroupSizes = LIMITS,
  ) {
    const { root, run, to, keep, volatile, dryRun } = request;
    this.#request = request;
    this.#style = { to: storedFormat(request), dryRun };
    const folder = rootPrefix(root);
    const locks = dryRun ? null : foldersOf(request, folder, steps);
    const ours = locks?.steps ?? steps;
    this.#locks = locks;
    const planner = new Planner(request, this.#linked, ours);
    const journal = new JournalReader(request.journal);
    this.#replay = new Replay(request, journal, planner);
    const after = journal.goesOnAfter(request.after);
    const walk = new FolderWalk(root, false, after, sizes.batchWeight);
    const made = after === '' ? null : madeWhereItGoesOn(request, journal, after);
    // The other engine may have kept the lock of its last folder in order to continue there.
    for (const cursor of [request.after, after])
      if (cursor !== '') locks?.adopt(folder + decodeCursor(cursor).folder);
    const files = new FolderFiles(folder, to, made, locks && new Sweeper(run, locks));
    this.#files = files;
    const firstBatch = journal.batches;
    const hasAddon = native !== null;
    const groups = new GroupPlanner({ walk, files, planner, locks, hasAddon, sizes, firstBatch });
    this.#groups = groups;
    this.#syncs = volatile ? null : new Syncs(ours, native);
    const group = new ConvertGroup({ run, keep, syncs: this.#syncs, native, steps: ours });
    this.#group = group;
    this.#plain = native && new PlainStaging({ native, to, locks, planner, groups, group, steps: ours });
    this.#journal = new JournalWriter(request.journal, ours);
  }

  async next(): Promise<RowBatch | null> {
    try {
      if (!this.#begun) {
        this.#begun = true;
        // If every source is kept, no link can be broken.
        if (!this.#request.keep) await this.#linked.find(this.#request.root, () => this.#cancelled);
      }
      for (;;) {
        const batch = this.#ready.shift();
        if (batch !== undefined) return batch;
        if (this.#isOver) return null;
        // Also when cancelled: its files have been changed, and its folders may still be locked.
        if (await this.#replayOne()) continue;
        if (this.#inHand === null && this.#groups.isDone) return this.#end();
        await this.#nextGroup();
      }
    } catch (error) {
      await this.#abandon();
      throw error;
    }
  }

  /** Finishes what has begun: journaled batches, and the files planned so far, to the end of their batch. */
  cancel(): void {
    this.#cancelled = true;
    this.#groups.cancel();
  }

  #end(): null {
    const { isWalked } = this.#groups;
    // Nothing of this run is staged any longer.
    if (isWalked) this.#files.sweepRest();
    this.#close(isWalked);
    return null;
  }

  /**
   * Removes what is staged. If a lock stayed, no save would be possible in its folder as long as this process
   * lives.
   */
  async #abandon(): Promise<void> {
    const staged = await this.#inHand?.staging.catch(() => null);
    this.#inHand = null;
    this.#group.discard(staged ?? []);
    this.#close(false);
  }

  #close(isWhole: boolean): void {
    this.#isOver = true;
    this.#journal.close();
    this.#syncs?.end();
    this.#locks?.end(isWhole);
  }

  async #nextGroup(): Promise<void> {
    const next = this.#groups.isDone ? null : await this.#groups.plan();
    const before = this.#inHand;
    const staged = (await before?.staging) ?? [];
    this.#inHand = next && { group: next, staging: this.#stage(next) };
    // Its errors are thrown when it is awaited, after the next group is planned.
    this.#inHand?.staging.catch(() => undefined);
    if (before !== null) await this.#settle(before.group, staged);
  }

  /** Finishes and hands out a batch that another engine journaled; false if none is left. */
  async #replayOne(): Promise<boolean> {
    const replayed = this.#replay.next();
    if (replayed === null) return false;
    for (const folder of replayed.folders) this.#locks?.adopt(folder);
    const conversions = [...replayed.unfinished.values()].filter(isConversion);
    const staged = this.#group.stage(conversions.filter((conversion) => ownFolder(this.#locks, conversion)));
    await this.#group.settle(staged);
    await this.#group.remove(staged);
    this.#locks?.leave();
    this.#ready.push(handedOut(withFailures(replayed, this.#style), this.#request.separator));
    return true;
  }

  async #stage(group: Group): Promise<Staged> {
    await this.#plain?.stage(group);
    return this.#group.stage(group.conversions);
  }

  async #settle({ batches, isOpen }: Group, staged: Staged): Promise<void> {
    await this.#group.settle(staged);
    this.#settled.push(...batches);
    this.#carried.push(staged);
    // A group that ended inside a batch: its sources stay until all rows of the batch are known.
    if (!isOpen) await this.#finishBatches();
  }

  /** Writes the rows to the journal, removes the sources and makes the batches ready to be handed out. */
  async #finishBatches(): Promise<void> {
    const { separator, dryRun } = this.#request;
    const rows = this.#settled.map((batch) => batch.journaled(this.#style));
    if (!dryRun) {
      for (const one of rows) this.#journal.write(one);
      const late = new Set<Entry>();
      for (const staged of this.#carried)
        for (const entry of await this.#group.remove(staged)) late.add(entry);
      if (late.size > 0) this.#correct(rows, late);
    }
    this.#leaveFolders();
    for (const one of rows) this.#ready.push(handedOut(one, separator));
    this.#settled = [];
    this.#carried = [];
  }

  /**
   * Releases the folders in which the group in hand has nothing to do. The last folder may continue in the
   * next group.
   */
  #leaveFolders(): void {
    const { conversions = [], plain = [] } = this.#inHand?.group ?? {};
    const inUse = new Set([this.#files.folder]);
    for (const { folder } of conversions) inUse.add(folder);
    for (const { file } of plain) inUse.add(file.paths.prefix);
    this.#locks?.leave((folder) => inUse.has(folder));
  }

  /** Rewrites, here and in the journal, the batches in which a source could not be removed. */
  #correct(rows: JournaledBatch[], late: ReadonlySet<Entry>): void {
    for (const [index, batch] of this.#settled.entries()) {
      if (!batch.entries.some((entry) => late.has(entry))) continue;
      const corrected = batch.journaled(this.#style);
      this.#journal.write(corrected);
      rows[index] = corrected;
    }
  }
}

function foldersOf(request: ConvertRequest, root: string, steps: FileSteps): FolderLocks {
  const run = parseRun(request.run);
  if (run === null) throw new Error(`'${request.run}' names no run`);
  return new FolderLocks({
    root,
    run,
    operation: 'convert',
    unfinished: unfinishedBy(request),
    // What appeared after the walk had listed the folder was not converted.
    isFinished: (folder) => finishesOthers(request) && !new FolderNames(folder, request.to).isAnyTwice,
    steps,
  });
}
