import { setImmediate } from 'node:timers/promises';
import { type BatchSource, LIMITS, type Limits } from '@tandem/engine';
import { FILE_STEPS, type FileSteps, rootPrefix } from '@tandem/files';
import type { RowBatch } from '@tandem/native';
import type { ConvertRequest } from '../engines/requests.ts';
import { type JournaledBatch, JournalReader, JournalWriter } from '../store/journal.ts';
import { FolderWalk } from '../walk/folder-walk.ts';
import { type Conversion, isConversion } from './conversion.ts';
import { ConvertBatch, handedOut } from './convert-batch.ts';
import type { RowStyle } from './convert-rows.ts';
import { FolderFiles } from './folder-files.ts';
import { type Carried, ConvertGroup } from './group.ts';
import type { Entry } from './outcome.ts';
import { Planner, storedFormat } from './planner.ts';
import { madeWhereItGoesOn, Replay, withFailures } from './replay.ts';
import { Sweeper } from './sweep.ts';

/** What makes a batch full, and a group: numbers of files and batches, and bytes of targets. */
export type GroupSizes = Pick<
  Limits,
  'batchWeight' | 'convertGroupFiles' | 'convertGroupBatches' | 'convertGroupBytes'
>;

/** The batch whose files are being planned, and those of them that are left. */
interface OpenBatch {
  readonly batch: ConvertBatch;
  readonly files: ReturnType<FolderFiles['of']>;
}

/**
 * The complete engine's convert: walks, plans, and carries out what is planned in groups. It hands out whole batches whose sources
 * are removed; memory holds one group's new bytes, the rows of a few batches and the largest folder's names.
 */
export class ConvertSource implements BatchSource<RowBatch> {
  readonly #request: ConvertRequest;
  readonly #sizes: GroupSizes;
  readonly #style: RowStyle;
  readonly #replay: Replay;
  readonly #walk: FolderWalk;
  readonly #files: FolderFiles;
  readonly #planner: Planner;
  readonly #group: ConvertGroup;
  readonly #journal: JournalWriter;
  readonly #ready: RowBatch[] = [];
  #open: OpenBatch | null = null;
  /** Planned to their end, and not yet handed out. */
  #planned: ConvertBatch[] = [];
  #carried: Carried[] = [];
  #batches: number;
  #cancelled = false;
  #ended = false;

  /** @param sizes smaller in tests */
  constructor(request: ConvertRequest, steps: FileSteps = FILE_STEPS, sizes: GroupSizes = LIMITS) {
    this.#sizes = sizes;
    const { root, run, keep, volatile, dryRun } = request;
    this.#request = request;
    this.#style = { to: storedFormat(request), dryRun };
    this.#planner = new Planner(request);
    const journal = new JournalReader(request.journal);
    this.#replay = new Replay(request, journal, this.#planner);
    this.#batches = journal.batches;
    const after = journal.goesOnAfter(request.after);
    // What is in the target format needs no image beside it.
    this.#walk = new FolderWalk(root, request.to !== 'json', after, sizes.batchWeight);
    const made = after === '' ? null : madeWhereItGoesOn(request, journal, after);
    this.#files = new FolderFiles(
      rootPrefix(root),
      request.to,
      made,
      dryRun ? null : new Sweeper(run, steps),
    );
    this.#group = new ConvertGroup({ run, keep, volatile, steps });
    this.#journal = new JournalWriter(request.journal, steps);
  }

  async next(): Promise<RowBatch | null> {
    for (;;) {
      const batch = this.#ready.shift();
      if (batch !== undefined) return batch;
      const stopped = this.#cancelled && this.#open === null;
      if (this.#ended || stopped) return this.#end();
      await this.#nextGroup();
    }
  }

  /** What is begun is finished: the files planned so far, to the end of their batch. */
  cancel(): void {
    this.#cancelled = true;
  }

  #end(): null {
    this.#ended = true;
    this.#journal.close();
    return null;
  }

  async #nextGroup(): Promise<void> {
    if (await this.#replayOne()) return;
    const conversions = await this.#plan();
    if (!this.#request.dryRun) this.#carried.push(await this.#group.carry(conversions));
    // A group that ended inside a batch: its sources stay until the batch has all its rows.
    if (this.#open === null) this.#finishBatches();
  }

  /** Finishes and hands out a batch that another engine journaled; false where there is none left. */
  async #replayOne(): Promise<boolean> {
    const replayed = this.#replay.next();
    if (replayed === null) return false;
    const conversions = [...replayed.unfinished.values()].filter(isConversion);
    this.#group.remove(await this.#group.carry(conversions));
    this.#ready.push(handedOut(withFailures(replayed, this.#style), this.#request.separator));
    return true;
  }

  /** Plans files until the group is full. */
  async #plan(): Promise<Conversion[]> {
    const { batchWeight, convertGroupFiles, convertGroupBatches, convertGroupBytes } = this.#sizes;
    const conversions: Conversion[] = [];
    let bytes = 0;
    let batches = 0;
    while (conversions.length < convertGroupFiles && bytes < convertGroupBytes) {
      this.#open ??= await this.#nextBatch();
      if (this.#open === null) break;
      const { batch, files } = this.#open;
      const next = files.next();
      if (next.done) {
        this.#planned.push(batch);
        this.#open = null;
        batches += 1;
        const roomForAnother =
          conversions.length + batchWeight <= convertGroupFiles && batches < convertGroupBatches;
        if (!roomForAnother || this.#request.dryRun) break;
        continue;
      }
      const file = next.value;
      const plan = 'outcome' in file ? file : this.#planHere(batch, file);
      if (plan === null) continue;
      if (!isConversion(plan)) {
        batch.entries.push(plan);
        continue;
      }
      batch.entries.push(plan.entry);
      if (this.#request.dryRun) continue;
      conversions.push(plan);
      bytes += plan.bytes.length;
    }
    return conversions;
  }

  async #nextBatch(): Promise<OpenBatch | null> {
    // Between two batches timers, signals and other people's work have their turn.
    await setImmediate();
    const walked = this.#cancelled ? null : this.#walk.next();
    if (walked === null) {
      if (this.#cancelled) return null;
      this.#files.sweepRest();
      this.#ended = true;
      return null;
    }
    const batch = new ConvertBatch(this.#batches++, walked.cursor, walked.counts);
    return { batch, files: this.#files.of(walked) };
  }

  #planHere(batch: ConvertBatch, file: Parameters<Planner['plan']>[0]): ReturnType<Planner['plan']> {
    const planner = this.#planner;
    const { bytesRead, otherOperation } = planner;
    const plan = planner.plan(file);
    batch.bytes += planner.bytesRead - bytesRead;
    batch.otherOperation += planner.otherOperation - otherOperation;
    return plan;
  }

  /** Rows to the journal, sources away, batches ready to be handed out. */
  #finishBatches(): void {
    const { separator, dryRun } = this.#request;
    const rows = this.#planned.map((batch) => batch.journaled(this.#style));
    if (!dryRun) {
      for (const one of rows) this.#journal.write(one);
      const late = new Set(this.#carried.flatMap((carried) => this.#group.remove(carried)));
      if (late.size > 0) this.#correct(rows, late);
    }
    for (const one of rows) this.#ready.push(handedOut(one, separator));
    this.#planned = [];
    this.#carried = [];
  }

  /** Makes anew, here and in the journal, the batches in which a source could not be removed. */
  #correct(rows: JournaledBatch[], late: ReadonlySet<Entry>): void {
    for (const [index, batch] of this.#planned.entries()) {
      if (!batch.entries.some((entry) => late.has(entry))) continue;
      const corrected = batch.journaled(this.#style);
      this.#journal.write(corrected);
      rows[index] = corrected;
    }
  }
}
