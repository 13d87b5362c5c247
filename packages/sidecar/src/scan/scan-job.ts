import type { ScanRequest } from '../engines/requests.ts';
import type { WalkBatch } from '../walk/walk-batch.ts';

/** The options common to all batches of a scan. Plain data: it is sent to a worker with each batch. */
export type ScanOptions = Pick<
  ScanRequest,
  'report' | 'root' | 'operation' | 'lint' | 'separator' | 'withDocument' | 'maxSize' | 'maxDepth'
>;

/** One batch for a worker. */
export interface ScanJob {
  readonly options: ScanOptions;
  readonly batch: WalkBatch;
  /** Shared by all threads: not 0 if the run was cancelled. */
  readonly cancelled: Int32Array;
  /** Shared memory for the rows. */
  readonly room: Uint8Array;
}

/** A worker's result for a batch. */
export interface ScannedBatch {
  /** UTF-8; or the number of its bytes in the room of the job. */
  readonly rows: Uint8Array | number;
  /** JSON. */
  readonly totals: string;
  readonly items: number;
  /** Bytes read. */
  readonly bytes: number;
}
