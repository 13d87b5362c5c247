import { workerFile } from '@tandem/engine';
import { scanJob } from './scan/batch-scanner.ts';
import type { ScanJob, ScannedBatch } from './scan/scan-job.ts';

/** This file as a worker thread is started from it. */
export function sidecarWorkerFile(): URL {
  return workerFile('sidecar-worker', import.meta.url);
}

/** What a worker thread does with a task. Null when the run was cancelled before the batch was whole. */
export function run(job: ScanJob): ScannedBatch | null {
  return scanJob(job);
}
