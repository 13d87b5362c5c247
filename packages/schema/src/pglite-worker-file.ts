import { workerFile } from '@tandem/engine';

/** The file that PGlite's thread is started from. */
export function pgliteWorkerFile(): URL {
  return workerFile('pglite-worker', import.meta.url);
}
