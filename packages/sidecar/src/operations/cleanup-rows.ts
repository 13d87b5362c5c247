import type { Moved, Orphan } from '../store/move-orphans.ts';
import { QUARANTINE } from '../store/quarantine.ts';
import type { PlanRow, PlanTotals } from './orphan-plan.ts';
import { addCounts } from './report.ts';

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
  /** Whose document it is that is `not_a_sidecar`, where that is known, such as `labelme`. */
  readonly kind: string | null;
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

/**
 * What is told of a row of the plan.
 * @param outcome null for an orphan in a dry run
 * @param run the name of the run that it was moved into
 */
export function rowOf(
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
    kind: row.kind,
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

/** A row of the plan that says `orphan`, as what is moved. */
export function orphanOf(row: PlanRow): Orphan {
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

/** What is known before anything is moved. */
export function plannedTotals({
  items,
  images,
  paired,
  orphans,
  skipped,
}: PlanTotals): Partial<CleanupTotals> {
  return { items, images, paired, orphans, skipped };
}

export function noTotals(): CleanupTotals {
  return { items: 0, images: 0, paired: 0, orphans: 0, moved: 0, left: {}, failed: 0, skipped: {} };
}

/** Adds a batch to the totals. */
export function addCleanup(totals: CleanupTotals, batch: CleanupTotals): void {
  totals.items += batch.items;
  totals.images += batch.images;
  totals.paired += batch.paired;
  totals.orphans += batch.orphans;
  totals.moved += batch.moved;
  totals.failed += batch.failed;
  addCounts(totals.left, batch.left);
  addCounts(totals.skipped, batch.skipped);
}
