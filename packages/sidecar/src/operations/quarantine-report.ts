import { setImmediate } from 'node:timers/promises';
import { TandemError } from '@tandem/engine';
import {
  errnoOf,
  type FileSteps,
  type FolderLocks,
  type LockedTree,
  lockTreeAndFolders,
  rootPrefix,
  shownText,
  sweepDead,
  writeError,
} from '@tandem/files';
import {
  addTotals,
  type OwnBatch,
  ownStream,
  type Progress,
  Report,
  RunEnd,
  type RunEndOptions,
} from '@tandem/job';
import { noUndoTotals, type UndoReport, type UndoRow, type UndoTotals } from '../generated/reports.ts';
import { entryPath, isEntry, MANIFEST, type ManifestEntry, readManifest } from '../store/manifest.ts';
import { removeEmptyRuns, runFolder, runsOf } from '../store/quarantine.ts';
import type { StepFault } from '../store/step-fault.ts';
import { checkInput, checkWritable } from './scan-request.ts';

/** The options of undo and purge. */
export interface UndoOptions extends RunEndOptions {
  /** The folder that was cleaned. */
  readonly input: string;
  /** The run; the latest by default. */
  readonly run?: string | undefined;
  readonly layout?: 'json' | 'ndjson' | undefined;
  /** Omit the rows from a JSON document. */
  readonly summary?: boolean | undefined;
  onProgress?(progress: Progress): void;
}

/** A run of undo or purge. */
export type UndoRun = Report<UndoTotals, UndoReport, UndoRow>;

type Batch = OwnBatch<UndoRow, UndoTotals>;
/** Null if there is nothing to report. */
export type Outcome = {
  readonly status: UndoRow['status'];
  readonly reason?: string;
  readonly fault?: StepFault;
} | null;

/** Processes the manifest of one run; `sync` makes a group durable. */
export interface Worker {
  each(entry: ManifestEntry, wasMoved: boolean): Outcome;
  sync(): void;
}

/** What is done to the files of runs. */
export interface Work {
  /** Shown to a run that finds the lock. */
  readonly operation: string;
  /** The report key that counts the processed files. */
  readonly verb: 'restored' | 'removed';
  /** Selects the runs of a folder, whose path has a trailing slash. */
  pick(prefix: string): string[];
  workerOf(prefix: string, run: string, folders: FolderLocks): Worker;
}

const GROUP = 256;

/** Takes the lock, selects the runs and returns the report, which does the work while it is read. */
export async function quarantineReport(
  options: UndoOptions,
  { operation, verb, pick, workerOf }: Work,
  steps: FileSteps,
): Promise<UndoRun> {
  const { root } = checkInput({ input: options.input });
  const prefix = rootPrefix(root);
  checkWritable(root);
  const end = new RunEnd(options);
  let tree: LockedTree | null = null;
  let batches: AsyncGenerator<Batch, void, undefined>;
  let runs: string[];
  try {
    tree = lockTreeAndFolders(prefix, operation, steps);
    const { folders } = tree;
    sweepDead(prefix, folders.steps);
    runs = pick(prefix);
    batches = workThrough(prefix, runs, (run) => workerOf(prefix, run, folders), tree, end);
  } catch (error) {
    end.release();
    tree?.release();
    throw error;
  }
  return new Report(
    ownStream(batches, options.layout === 'ndjson' ? '\n' : ',\n'),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'results',
      closing: (totals, complete) => ({
        directory: options.input,
        runs,
        [verb]: totals.done,
        left: totals.left,
        failed: totals.failed,
        complete,
        seconds: end.elapsed,
      }),
    },
    noUndoTotals(),
    options.onProgress,
  );
}

/** The requested run, or all existing runs, the latest first. Throws ERR_TANDEM_NO_SUCH_RUN. */
export function namedRuns(run: string | undefined, prefix: string): string[] {
  const runs = runsOf(prefix);
  if (run === undefined) return runs;
  if (runs.includes(run)) return [run];
  const cure =
    runs.length === 0 ? 'there is nothing in the quarantine of this folder' : `one of: ${runs.join(', ')}`;
  throw new TandemError('ERR_TANDEM_NO_SUCH_RUN', { params: { run, cure } });
}

async function* workThrough(
  prefix: string,
  runs: readonly string[],
  workerOf: (run: string) => Worker,
  tree: LockedTree,
  end: RunEnd,
): AsyncGenerator<Batch, void, undefined> {
  try {
    let stoppedBy: TandemError | null = null;
    for (const run of runs) {
      const worker = workerOf(run);
      for (const group of groupsOf(runFolder(prefix, run) + MANIFEST)) {
        await setImmediate();
        const rows: UndoRow[] = [];
        for (const { entry, wasMoved } of group) {
          stoppedBy = end.reason;
          if (stoppedBy !== null) break;
          const outcome = entry === null ? UNREADABLE_LINE : worker.each(entry, wasMoved);
          if (outcome !== null) rows.push(rowOf(prefix, run, entry, outcome));
        }
        sync(worker, prefix);
        yield { rows, totals: totalsOf(rows), items: rows.length };
        if (stoppedBy !== null) break;
      }
      if (stoppedBy !== null) break;
    }
    // Including those that an interrupted run left.
    removeEmptyRuns(prefix, tree.folders.steps);
    if (stoppedBy !== null) throw stoppedBy;
  } finally {
    end.release();
    tree.release();
  }
}

const UNREADABLE_LINE: Outcome = {
  status: 'failed',
  fault: {
    code: 'ERR_TANDEM_READ_FAILED',
    message: 'a line of the manifest cannot be read, so the origin of its file is unknown',
    hint: 'check the manifest, and move any file that it does not list by hand',
  },
};

interface Listed {
  /** Null for a line that cannot be read. */
  readonly entry: ManifestEntry | null;
  readonly wasMoved: boolean;
}

function* groupsOf(manifest: string): Generator<readonly Listed[], void, undefined> {
  const notMoved = new Set<string>();
  let group: Listed[] = [];
  for (const line of linesOf(manifest)) if (line !== null && 'not_moved' in line) notMoved.add(line.stored);
  for (const line of linesOf(manifest)) {
    if (line !== null && !isEntry(line)) continue;
    group.push({ entry: line, wasMoved: line !== null && !notMoved.has(line.stored) });
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Yields nothing if there is no manifest: the run was killed before it had one, and had moved nothing. */
function* linesOf(manifest: string): ReturnType<typeof readManifest> {
  try {
    yield* readManifest(manifest);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw errnoOf(error) === ''
      ? error
      : new TandemError('ERR_TANDEM_UNREADABLE', { path: shownText(manifest), cause: error });
  }
}

function sync(worker: Worker, prefix: string): void {
  try {
    worker.sync();
  } catch (error) {
    throw writeError(error, prefix);
  }
}

function rowOf(
  prefix: string,
  run: string,
  entry: ManifestEntry | null,
  outcome: NonNullable<Outcome>,
): UndoRow {
  const fault = outcome.fault ?? null;
  const raw = prefix + (entry === null ? '' : entryPath(entry));
  const bytes = entry?.path_bytes === undefined ? null : Buffer.from(raw, 'latin1').toString('base64');
  return {
    sidecar_path: shownText(raw),
    ...(bytes === null ? {} : { sidecar_path_bytes: bytes }),
    status: outcome.status,
    reason: outcome.reason ?? null,
    run,
    data_size: entry?.size ?? null,
    error: fault?.message ?? null,
    error_code: fault?.code ?? null,
    error_offset: null,
    error_line: null,
    error_column: null,
    hint: fault?.hint ?? null,
  };
}

function totalsOf(rows: readonly UndoRow[]): UndoTotals {
  const totals = { ...noUndoTotals(), items: rows.length };
  for (const { status, reason } of rows) {
    if (status === 'failed') totals.failed += 1;
    else if (status === 'left') addTotals(totals.left, { [reason ?? '']: 1 });
    else totals.done += 1;
  }
  return totals;
}
