import { setImmediate } from 'node:timers/promises';
import { LIMITS, type TandemError } from '@tandem/engine';
import {
  type FileSteps,
  type LockedTree,
  lockTreeAndFolders,
  rootPrefix,
  shownText,
  sweepDead,
  writeError,
} from '@tandem/files';
import { addTotals, badOption, JOB_STEPS, type OwnBatch, ownStream, Report, RunEnd } from '@tandem/job';
import {
  type CleanupReport,
  type CleanupRow,
  type CleanupTotals,
  noCleanupTotals,
  type PlanRow,
} from '../generated/reports.ts';
import { tidyFolder } from '../store/enter-folder.ts';
import { type Moved, OrphanMover } from '../store/move-orphans.ts';
import { OrphanProof } from '../store/orphan-proof.ts';
import { newRunName, openRun, QUARANTINE, removeEmptyRuns } from '../store/quarantine.ts';
import { orphanOf, plannedTotals, rowOf } from './cleanup-rows.ts';
import { type OrphanPlan, planCleanup, planRows, refusalOf, sidecarsOf } from './orphan-plan.ts';

import { checkInput, checkWritable, type ScanOptions } from './scan-request.ts';

/** The options of a cleanup, which works on a folder, never on a list. */
export interface CleanupOptions extends Omit<ScanOptions, 'files' | 'lint' | 'withDocument' | 'layout'> {
  readonly layout?: 'json' | 'ndjson' | undefined;
  /** Makes the same plan, but writes nothing. */
  readonly dryRun?: boolean | undefined;
  /**
   * The maximum percentage of sidecars that may be orphans, if there are 50 or more sidecars; 20 by default.
   */
  readonly maxShare?: number | undefined;
}

/** A run of cleanup. */
export type CleanupRun = Report<CleanupTotals, CleanupReport, CleanupRow>;

type Batch = OwnBatch<CleanupRow, CleanupTotals>;

/**
 * Files per sync of the manifest, and per two listings of their folder: listing a folder of 100,000 files
 * takes as long as moving 2,000.
 */
const GROUP = 2048;

/**
 * Moves sidecars without an image into a quarantine, from which `undo` restores them:
 * spec/sidecar/cleanup.md. The plan is made, and refused if necessary, before this returns; files are moved
 * while the report is read, which must be read to its end.
 * @throws {TandemError} what validate throws before any work; ERR_TANDEM_LOCKED, _NO_IMAGES,
 * _TOO_MANY_ORPHANS
 */
export function cleanup(options: CleanupOptions): Promise<CleanupRun> {
  return cleanupWith(options, JOB_STEPS);
}

/** Like cleanup, with the disk operations under the control of a test. */
export async function cleanupWith(options: CleanupOptions, steps: FileSteps): Promise<CleanupRun> {
  const { root, operation, maxSize, maxDepth } = checkInput(options);
  const maxShare = checkShare(options.maxShare);
  const prefix = rootPrefix(root);
  const dryRun = options.dryRun ?? false;
  if (!dryRun) checkWritable(root);
  const end = new RunEnd(options);
  const directory = shownText(root);
  const run = newRunName();
  let tree: LockedTree | null = null;
  let plan: OrphanPlan;
  let refusal: TandemError | null;
  try {
    if (!dryRun) {
      tree = lockTreeAndFolders(prefix, 'cleanup', steps);
      sweepDead(prefix, tree.folders.steps);
    }
    plan = await planCleanup(options);
    // If a tree was not walked to its end, it is unknown whether its images are gone.
    refusal = plan.stoppedBy === null ? refusalOf(plan.totals, maxShare, directory) : null;
    // A dry run shows what would be refused: this is how users find out whether the refusal is right.
    if (refusal !== null && !dryRun) throw refusal;
  } catch (error) {
    end.release();
    tree?.release();
    throw error;
  }

  // For the closures below.
  const held = tree;
  const proof = new OrphanProof(prefix, { maxSize, maxDepth });
  const mover =
    held === null
      ? null
      : new OrphanMover(
          prefix,
          proof,
          () => openRun(prefix, directory, run, held.folders.steps),
          held.folders,
        );
  // What killed runs left in folders in which nothing else is to be done.
  if (held !== null) for (const below of plan.totals.locks) tidyFolder(held.folders, prefix + below);
  const batches = movedRows(plan, operation, mover, held, end, () => {
    // A run in which nothing was moved after all, or one that was killed before it moved anything.
    if (held !== null) removeEmptyRuns(prefix, held.folders.steps);
  });
  return new Report(
    ownStream(batches, options.layout === 'ndjson' ? '\n' : ',\n', plan),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'results',
      closing: (totals, complete) => ({
        directory,
        run: totals.moved > 0 ? (mover?.run?.name ?? null) : null,
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
        seconds: end.elapsed,
      }),
    },
    noCleanupTotals(),
    // The files were counted while the plan was made.
    (moving) => options.onProgress?.({ ...moving, files: plan.totals.items, bytes: plan.bytes }),
  );
}

/** Processes the plan in order, moves what may be moved, and reports each row. */
async function* movedRows(
  plan: OrphanPlan,
  operation: string,
  mover: OrphanMover | null,
  tree: LockedTree | null,
  end: RunEnd,
  tidy: () => void,
): AsyncGenerator<Batch, void, undefined> {
  try {
    yield { rows: [], totals: { ...noCleanupTotals(), ...plannedTotals(plan.totals) }, items: 0 };
    // An incomplete plan could not be refused, so none of it is carried out.
    let stoppedBy = plan.stoppedBy;
    for (const { rows, others } of stoppedBy === null ? groupsOf(plan, operation) : []) {
      // Between two groups, timers, signals and other work have their turn.
      await setImmediate();
      if (rows.length > 0) stoppedBy = end.reason;
      if (stoppedBy !== null) break;
      const { told, totals } = moveGroup(rows, mover, end);
      if (others > 0) totals.skipped['other_operation'] = others;
      yield { rows: told, totals, items: 0 };
      if (told.length < rows.length) stoppedBy = end.reason;
    }
    tidy();
    if (stoppedBy !== null) throw stoppedBy;
  } finally {
    end.release();
    mover?.close();
    tree?.release();
  }
}

interface PlanGroup {
  readonly rows: readonly PlanRow[];
  /** The number of rows skipped because they belong to an operation other than the requested one. */
  readonly others: number;
}

function* groupsOf(plan: OrphanPlan, operation: string): Generator<PlanGroup, void, undefined> {
  let rows: PlanRow[] = [];
  let others = 0;
  for (const row of planRows(plan)) {
    if (operation !== '' && row.operation !== null && row.operation !== operation) {
      others += 1;
      continue;
    }
    rows.push(row);
    if (rows.length < GROUP) continue;
    yield { rows, others };
    rows = [];
    others = 0;
  }
  yield { rows, others };
}

/** Reports a group: all of its rows, or the first of them if the run ends within the group. */
function moveGroup(
  group: readonly PlanRow[],
  mover: OrphanMover | null,
  end: RunEnd,
): { readonly told: readonly CleanupRow[]; readonly totals: CleanupTotals } {
  const orphans = group.filter(({ verdict }) => verdict === 'orphan').map(orphanOf);
  let moved: readonly (Moved | undefined)[] | null = null;
  try {
    moved = mover?.move(orphans, () => end.reason !== null) ?? null;
  } catch (error) {
    throw writeError(error, mover?.run?.folder ?? QUARANTINE);
  }
  const totals = noCleanupTotals();
  let next = 0;
  const told: CleanupRow[] = [];
  for (const planned of group) {
    const isOrphan = planned.verdict === 'orphan';
    const outcome = isOrphan
      ? moved === null
        ? null
        : moved[next++]
      : ({ status: 'left', reason: planned.verdict } as const);
    if (outcome === undefined) break;
    const row = rowOf(planned, outcome, mover?.run?.name ?? '');
    if (row.status === 'failed') totals.failed += 1;
    else if (row.status === 'left') addTotals(totals.left, { [row.reason ?? '']: 1 });
    else totals.moved += 1;
    told.push(row);
  }
  return { told, totals };
}

function checkShare(share: number = LIMITS.maxSharePercent): number {
  if (share >= 0 && share <= 100) return share;
  throw badOption('maxShare', `is ${share}`, 'use percent from 0 to 100');
}
