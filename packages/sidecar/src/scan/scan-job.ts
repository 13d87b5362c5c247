import type { ScanRequest } from '../engines/requests.ts';
import type { WalkBatch } from '../walk/walk-batch.ts';

/** What stays the same for all batches of a scan. Plain data: it goes to a worker with each of them. */
export type ScanOptions = Pick<
  ScanRequest,
  'report' | 'root' | 'operation' | 'lint' | 'separator' | 'withDocument' | 'maxSize' | 'maxDepth'
>;

/** One batch for a worker. */
export interface ScanJob {
  readonly options: ScanOptions;
  readonly batch: WalkBatch;
  /** Shared by all threads: not 0 when the run was cancelled. */
  readonly cancelled: Int32Array;
  /** Shared memory for the rows. */
  readonly room: Uint8Array;
}

/** What a worker made of a batch. */
export interface ScannedBatch {
  /** UTF-8; or how many bytes of it stand in the room of the job. */
  readonly rows: Uint8Array | number;
  /** JSON. */
  readonly totals: string;
  readonly items: number;
  /** Bytes read. */
  readonly bytes: number;
}
