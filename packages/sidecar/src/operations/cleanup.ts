import { setImmediate } from 'node:timers/promises';
import { LIMITS, TandemError } from '@tandem/engine';
import { shownText } from '../rows/path-text.ts';
import { FILE_STEPS, type FileSteps } from '../store/file-steps.ts';
import { acquireLock, type Lock } from '../store/lock.ts';
import { type Moved, type Orphan, OrphanMover } from '../store/move-orphans.ts';
import { OrphanProof } from '../store/orphan-proof.ts';
import { newRunName, openRun, QUARANTINE } from '../store/quarantine.ts';
import { sweepDead } from '../store/sidecar-lock.ts';
import { writeError } from '../store/system-error.ts';
import { rootPrefix } from '../walk/raw-path.ts';
import {
  type OrphanPlan,
  type PlanRow,
  type PlanTotals,
  planCleanup,
  planRows,
  refusalOf,
  sidecarsOf,
} from './orphan-plan.ts';
import { checkRun, ownStream, type RowBatch, type RunEnd } from './own-stream.ts';
import { addCounts, Report } from './report.ts';
import { checkInput, type ScanOptions } from './scan-request.ts';

/** What a cleanup can be told; it is for a folder, never for a list. */
export interface CleanupOptions extends Omit<ScanOptions, 'files' | 'lint' | 'withDocument' | 'layout'> {
  readonly layout?: 'json' | 'ndjson' | undefined;
  /** The same plan, and nothing is written. */
  readonly dryRun?: boolean | undefined;
  /** Percent of sidecars that may be orphans, where there are 50 or more; 20 unless given. */
  readonly maxShare?: number | undefined;
}

/** items = paired + moved (or would_move) + left + failed + skipped.other_operation. */
export interface CleanupTotals {
  items: number;
  images: number;
  paired: number;
  /** By the plan; what is proved again later may still be left. */
  orphans: number;
  /** Moved, or in a dry run what would be. */
  moved: number;
  readonly left: Record<string, number>;
  failed: number;
  readonly skipped: Record<string, number>;
}

/** One sidecar without an image: spec/sidecar/cleanup.md. */
export interface CleanupRow {
  readonly sidecar_path: string;
  readonly sidecar_path_bytes?: string;
  readonly status: 'moved' | 'would_move' | 'left' | 'failed';
  /** Why it is left; null unless it is. */
  readonly reason: string | null;
  readonly operation: string | null;
  readonly data_size: number | null;
  /** Where it is now, below the folder; null unless it was moved. */
  readonly stored_path: string | null;
  readonly error: string | null;
  readonly error_code: string | null;
  readonly error_offset: null;
  readonly error_line: null;
  readonly error_column: null;
  readonly hint: string | null;
}

type Batch = RowBatch<CleanupRow, CleanupTotals>;

/** Files that one sync of the manifest is for. */
const GROUP = 256;

/**
 * Moves sidecars without an image into a quarantine, from which `undo` brings them back: spec/sidecar/cleanup.md. The plan is made, and
 * refused where it must be, before this returns; files are moved while the report is read, which must be read to its end.
 * @throws {TandemError} what validate throws before any work; ERR_TANDEM_LOCKED, _NO_IMAGES, _TOO_MANY_ORPHANS, _TIMEOUT, _ABORTED
 */
export function cleanup(options: CleanupOptions): Promise<Report<CleanupTotals>> {
  return cleanupWith(options, FILE_STEPS);
}

/** The same, with the steps that are taken on the disk in the hands of a test. */
export async function cleanupWith(options: CleanupOptions, steps: FileSteps): Promise<Report<CleanupTotals>> {
  const began = performance.now();
  const { root, operation, maxSize, maxDepth } = checkInput(options);
  const maxShare = checkShare(options.maxShare);
  const prefix = rootPrefix(root);
  const dryRun = options.dryRun ?? false;
  const lock = dryRun ? null : acquireLock(`${prefix}.tandem-lock`, 'cleanup', steps);
  const directory = shownText(root);
  const run = newRunName();
  let plan: OrphanPlan;
  let refusal: TandemError | null;
  try {
    if (lock !== null) sweepDead(prefix, steps);
    plan = await planCleanup(options);
    refusal = refusalOf(plan.totals, maxShare, directory);
    // A dry run shows what would be refused: that is how one finds out whether it is right.
    if (refusal !== null && !dryRun) throw refusal;
  } catch (error) {
    lock?.release();
    throw error;
  }

  const proof = new OrphanProof(prefix, { maxSize, maxDepth });
  const mover =
    lock === null
      ? null
      : new OrphanMover(prefix, proof, () => openRun(prefix, directory, run, steps), steps);
  const end: RunEnd = { signal: options.signal, timeout: options.timeout, began };
  const batches = movedRows(plan, operation, mover, lock, end);
  return new Report<CleanupTotals>(
    ownStream(batches, options.layout === 'ndjson' ? '\n' : ',\n', plan),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'results',
      add: addCleanup,
      closing: (totals, complete) => ({
        directory,
        run: mover?.run?.name ?? null,
        dry_run: dryRun,
        refusal:
          refusal === null
            ? null
            : { code: refusal.code, message: refusal.message, hint: refusal.hint ?? null },
        images: totals.images,
        sidecars: sidecarsOf(plan.totals),
        paired: totals.paired,
        orphans: totals.orphans,
        [dryRun ? 'would_move' : 'moved']: totals.moved,
        left: totals.left,
        failed: totals.failed,
        skipped: totals.skipped,
        filter_applied: operation === '' ? null : operation,
        complete,
        seconds: (performance.now() - began) / 1000,
      }),
    },
    noTotals(),
    // The files were counted while the plan was made.
    ({ seconds }) => options.onProgress?.({ files: plan.totals.items, bytes: plan.bytes, seconds }),
  );
}

/** Goes through the plan in its order, moves what may go, and tells of each. */
async function* movedRows(
  plan: OrphanPlan,
  operation: string,
  mover: OrphanMover | null,
  lock: Lock | null,
  end: RunEnd,
): AsyncGenerator<Batch, void, undefined> {
  try {
    yield { rows: [], totals: { ...noTotals(), ...plannedTotals(plan.totals) }, items: 0 };
    let group: PlanRow[] = [];
    let others = 0;
    for (const row of planRows(plan)) {
      if (operation !== '' && row.operation !== null && row.operation !== operation) {
        others += 1;
        continue;
      }
      group.push(row);
      if (group.length < GROUP) continue;
      // Between two groups timers, signals and other people's work have their turn.
      await setImmediate();
      checkRun(end);
      yield moveGroup(group, mover);
      group = [];
    }
    checkRun(end);
    const last = moveGroup(group, mover);
    yield { ...last, totals: { ...last.totals, skipped: others === 0 ? {} : { other_operation: others } } };
  } finally {
    mover?.close();
    lock?.release();
  }
}

function moveGroup(group: readonly PlanRow[], mover: OrphanMover | null): Batch {
  const orphans = group.filter(({ verdict }) => verdict === 'orphan').map(orphanOf);
  let moved: readonly Moved[] | null = null;
  try {
    moved = mover?.move(orphans) ?? null;
  } catch (error) {
    throw writeError(error, mover?.run?.folder ?? QUARANTINE);
  }
  const totals = noTotals();
  let next = 0;
  const rows = group.map((row) => {
    const outcome =
      row.verdict === 'orphan'
        ? (moved?.[next++] ?? null)
        : ({ status: 'left', reason: row.verdict } as const);
    const told = rowOf(row, outcome, mover?.run?.name ?? '');
    if (told.status === 'failed') totals.failed += 1;
    else if (told.status === 'left') addCounts(totals.left, { [told.reason ?? '']: 1 });
    else totals.moved += 1;
    return told;
  });
  return { rows, totals, items: 0 };
}

/** @param outcome null for an orphan in a dry run */
function rowOf(
  row: PlanRow,
  outcome: Moved | { readonly status: 'left'; readonly reason: string } | null,
  run: string,
): CleanupRow {
  const fault = outcome?.status === 'failed' ? outcome.fault : null;
  return {
    sidecar_path: row.sidecar_path,
    ...(row.sidecar_path_bytes === undefined ? {} : { sidecar_path_bytes: row.sidecar_path_bytes }),
    status: outcome?.status ?? 'would_move',
    reason: outcome?.status === 'left' ? outcome.reason : null,
    operation: row.operation,
    data_size: row.data_size,
    stored_path: outcome?.status === 'moved' ? `${QUARANTINE}/${run}/${outcome.stored}` : null,
    error: fault?.message ?? null,
    error_code: fault?.code ?? null,
    error_offset: null,
    error_line: null,
    error_column: null,
    hint: fault?.hint ?? null,
  };
}

function orphanOf(row: PlanRow): Orphan {
  const { sidecar_path_bytes: bytes, device, inode, mtime_ns: mtimeNs } = row;
  const raw = bytes === undefined ? Buffer.from(row.sidecar_path) : Buffer.from(bytes, 'base64');
  return {
    path: raw.toString('latin1'),
    size: row.data_size ?? -1,
    device: device ?? '',
    inode: inode ?? '',
    mtimeNs: mtimeNs ?? '',
    operation: row.operation,
    isWhole: bytes === undefined,
  };
}

function plannedTotals({ items, images, paired, orphans, skipped }: PlanTotals): Partial<CleanupTotals> {
  return { items, images, paired, orphans, skipped };
}

function noTotals(): CleanupTotals {
  return { items: 0, images: 0, paired: 0, orphans: 0, moved: 0, left: {}, failed: 0, skipped: {} };
}

function addCleanup(totals: CleanupTotals, batch: CleanupTotals): void {
  totals.items += batch.items;
  totals.images += batch.images;
  totals.paired += batch.paired;
  totals.orphans += batch.orphans;
  totals.moved += batch.moved;
  totals.failed += batch.failed;
  addCounts(totals.left, batch.left);
  addCounts(totals.skipped, batch.skipped);
}

function checkShare(share: number = LIMITS.maxSharePercent): number {
  if (share >= 0 && share <= 100) return share;
  throw new TandemError('ERR_TANDEM_BAD_OPTION', {
    params: { option: '--max-share', problem: `is ${share}`, cure: 'give percent from 0 to 100' },
  });
}
