import { workerFile } from '@tandem/engine';

/** The file from which PGlite's thread is started. */
export function pgliteWorkerFile(): URL {
  return workerFile('pglite-worker', import.meta.url);
}
