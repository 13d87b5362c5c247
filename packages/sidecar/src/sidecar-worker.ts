import { workerFile } from '@tandem/engine';
import { scanJob } from './scan/batch-scanner.ts';
import type { ScanJob, ScannedBatch } from './scan/scan-job.ts';

/** The URL of this file, from which a worker thread is started. */
export function sidecarWorkerFile(): URL {
  return workerFile('sidecar-worker', import.meta.url);
}

/** The work of a worker thread on a task. Null if the run was cancelled before the batch was complete. */
export function run(job: ScanJob): ScannedBatch | null {
  return scanJob(job);
}
