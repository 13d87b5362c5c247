import { setImmediate } from 'node:timers/promises';
import { type BatchSource, type ErrorCode, LIMITS, type Limits, TandemError } from '@tandem/engine';
import { type Fault, FILE_STEPS, type FileSteps, parseRun, rootPrefix, writeErrorCode } from '@tandem/files';
import type { RowBatch } from '@tandem/native';
import { type ConvertRequest, finishesOthers, unfinishedBy } from '../engines/requests.ts';
import { FolderLocks } from '../store/folder-locks.ts';
import { type JournaledBatch, JournalReader, JournalWriter } from '../store/journal.ts';
import { decodeCursor } from '../walk/cursor.ts';
import { FolderWalk } from '../walk/folder-walk.ts';
import { LinkedFiles } from '../walk/linked-files.ts';
import { type Conversion, isConversion, known, type Plan } from './conversion.ts';
import { ConvertBatch, handedOut } from './convert-batch.ts';
import type { RowStyle } from './convert-rows.ts';
import { FolderFiles } from './folder-files.ts';
import { type Carried, ConvertGroup } from './group.ts';
import { type Entry, failed, faultOf } from './outcome.ts';
import { type PlannedFile, Planner, storedFormat } from './planner.ts';
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
  /** Null in a dry run, which changes nothing. */
  readonly #locks: FolderLocks | null;
  readonly #group: ConvertGroup;
  readonly #journal: JournalWriter;
  readonly #ready: RowBatch[] = [];
  readonly #linked: LinkedFiles = new LinkedFiles();
  #begun = false;
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
    const folder = rootPrefix(root);
    this.#locks = dryRun ? null : foldersOf(request, folder, steps);
    const ours = this.#locks?.steps ?? steps;
    this.#planner = new Planner(request, this.#linked, ours);
    const journal = new JournalReader(request.journal);
    this.#replay = new Replay(request, journal, this.#planner);
    this.#batches = journal.batches;
    const after = journal.goesOnAfter(request.after);
    this.#walk = new FolderWalk(root, false, after, sizes.batchWeight);
    const made = after === '' ? null : madeWhereItGoesOn(request, journal, after);
    // The other engine may have kept its last folder, to go on in it.
    for (const cursor of [request.after, after])
      if (cursor !== '') this.#locks?.adopt(folder + decodeCursor(cursor).folder);
    const sweeper = this.#locks === null ? null : new Sweeper(run, this.#locks);
    this.#files = new FolderFiles(folder, request.to, made, sweeper);
    this.#group = new ConvertGroup({ run, keep, volatile, steps: ours });
    this.#journal = new JournalWriter(request.journal, ours);
  }

  async next(): Promise<RowBatch | null> {
    if (!this.#begun) {
      this.#begun = true;
      // Where every source stays no link comes to lead nowhere.
      if (!this.#request.keep) await this.#linked.find(this.#request.root, () => this.#cancelled);
    }
    for (;;) {
      const batch = this.#ready.shift();
      if (batch !== undefined) return batch;
      const stopped = this.#cancelled && this.#open === null;
      if (this.#ended || stopped) return this.#end();
      try {
        await this.#nextGroup();
      } catch (error) {
        // Else nobody could save there as long as this process lives.
        this.#locks?.end(false);
        throw error;
      }
    }
  }

  /** What is begun is finished: the files planned so far, to the end of their batch. */
  cancel(): void {
    this.#cancelled = true;
  }

  #end(): null {
    this.#journal.close();
    this.#locks?.end(this.#ended);
    this.#ended = true;
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
    for (const folder of replayed.folders) this.#locks?.adopt(folder);
    const conversions = [...replayed.unfinished.values()].filter(isConversion);
    const ours = conversions.filter((conversion) => this.#isOurs(conversion));
    this.#group.remove(await this.#group.carry(ours));
    this.#locks?.leave('');
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
      const plan = 'outcome' in file ? file : this.#planOurs(batch, file);
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

  /** What is to be done is planned once more when its folder is ours: who was at work there until then may have changed it. */
  #planOurs(batch: ConvertBatch, file: PlannedFile): Plan {
    const plan = this.#planHere(batch, file);
    const locks = this.#locks;
    if (plan === null || !isConversion(plan) || locks === null || locks.has(plan.folder)) return plan;
    return this.#isOurs(plan) ? this.#planner.plan({ ...file, names: this.#files.relisted() }) : plan.entry;
  }

  /** Takes the lock of a conversion's folder; its row is a failure where somebody else has it, or nobody can. */
  #isOurs({ folder, entry }: Conversion): boolean {
    let fault: Fault;
    try {
      const locked = this.#locks?.enter(folder) ?? null;
      if (locked === null) return true;
      fault = faultOf('ERR_TANDEM_LOCKED', locked);
    } catch (error) {
      const code = folderCode(error);
      if (code === null) throw error;
      fault = faultOf(code);
    }
    entry.outcome = failed(fault, known(entry.outcome));
    return false;
  }

  #planHere(batch: ConvertBatch, file: PlannedFile): Plan {
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
    // The last folder may go on in the next batch.
    this.#locks?.leave(this.#files.folder);
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

function foldersOf(request: ConvertRequest, root: string, steps: FileSteps): FolderLocks {
  const run = parseRun(request.run);
  if (run === null) throw new Error(`'${request.run}' names no run`);
  const finishes = finishesOthers(request);
  return new FolderLocks({
    root,
    run,
    operation: 'convert',
    unfinished: unfinishedBy(request),
    finishes,
    steps,
  });
}

/** What a folder that cannot be locked is called in the rows of its files; null for what ends the run. */
function folderCode(error: unknown): ErrorCode | null {
  if (!(error instanceof TandemError) || error.code === 'ERR_TANDEM_LOCK_LOST') return null;
  return writeErrorCode(error.cause);
}
