import { type FallbackEvent, LIMITS, type Selection, TandemError } from '@tandem/engine';
import { addTotals, isStop, tandemHost } from '@tandem/job';
import { noPlanTotals, type PlanRow, type PlanTotals } from '../generated/reports.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** A plan. Nothing has been changed yet. */
export interface OrphanPlan {
  /** Rows as the engine wrote them, one batch each: outside of V8's heap, because there may be millions. */
  readonly batches: readonly Uint8Array[];
  readonly totals: PlanTotals;
  /** Why the plan is incomplete, or null. */
  readonly stoppedBy: TandemError | null;
  /** Bytes read. */
  readonly bytes: number;
  readonly selection: Selection;
  readonly fallbacks: readonly FallbackEvent[];
}

/** Looks for orphans on either engine until the end of the tree or the timeout. Throws what a scan throws. */
export async function planCleanup(options: ScanOptions): Promise<OrphanPlan> {
  const began = performance.now();
  // All operations, whichever is to be moved: a missing mount shows in all of them.
  const { operationType: _, ...all } = options;
  const stream = tandemHost().stream(
    scanOperation,
    scanRequest('orphans', { ...all, layout: 'ndjson' }),
    options,
  );
  const batches: Uint8Array[] = [];
  const totals = noPlanTotals();
  let bytes = 0;
  let stoppedBy: TandemError | null = null;
  try {
    for await (const batch of stream) {
      addTotals(totals, JSON.parse(batch.totals) as object);
      if (batch.rows.length > 0) batches.push(new Uint8Array(batch.rows));
      bytes += batch.bytes;
      const seconds = (performance.now() - began) / 1000;
      options.onProgress?.({ files: totals.items, bytes, seconds });
    }
  } catch (error) {
    if (!isStop(error)) throw error;
    stoppedBy = error;
  }
  const { selection, fallbacks } = stream;
  return { batches, totals, stoppedBy, bytes, selection, fallbacks };
}

/** The rows of a plan. */
export function* planRows(plan: OrphanPlan): Generator<PlanRow, void, undefined> {
  for (const batch of plan.batches) {
    for (const line of Buffer.from(batch.buffer, batch.byteOffset, batch.length)
      .toString('utf8')
      .split('\n')) {
      yield JSON.parse(line) as PlanRow;
    }
  }
}

/**
 * The number of files that are certainly sidecars: those beside an image, and those that belong to no image,
 * or to one elsewhere.
 */
export function sidecarsOf({ paired, orphans, left }: PlanTotals): number {
  return (
    paired + orphans + (left['image_elsewhere'] ?? 0) + (left['image_uncertain'] ?? 0) + (left['link'] ?? 0)
  );
}

/**
 * Why nothing in a plan may be moved, or null: there is no image at all, or the share of orphans suggests
 * that the images are unavailable rather than deleted (spec/sidecar/cleanup.md, "Refusals").
 * @param maxShare percent
 */
export function refusalOf(totals: PlanTotals, maxShare: number, path: string): TandemError | null {
  const { images, orphans } = totals;
  if (orphans === 0) return null;
  if (images === 0) return new TandemError('ERR_TANDEM_NO_IMAGES', { path });
  const sidecars = sidecarsOf(totals);
  if (sidecars < LIMITS.maxShareFrom || orphans * 100 <= maxShare * sidecars) return null;
  return new TandemError('ERR_TANDEM_TOO_MANY_ORPHANS', {
    path,
    params: { orphans, sidecars, share: maxShare },
  });
}
