import type { CleanupRow, CleanupTotals, PlanRow, PlanTotals } from '../generated/reports.ts';
import type { Moved, Orphan } from '../store/move-orphans.ts';
import { QUARANTINE } from '../store/quarantine.ts';

/**
 * The report row for a row of the plan.
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

/** A row of the plan with the verdict `orphan`, as an orphan to be moved. */
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

/** The totals that are known before anything is moved. */
export function plannedTotals({
  items,
  images,
  paired,
  orphans,
  skipped,
}: PlanTotals): Partial<CleanupTotals> {
  return { items, images, paired, orphans, skipped };
}
