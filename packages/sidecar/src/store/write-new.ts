import { closeSync } from 'node:fs';
import { type FileSteps, folderOf, placeFile, removeQuietly, scratchName } from '@tandem/files';

/**
 * Creates a file with all its bytes if its name is free; false if the name is taken. The file is durable on
 * return. A kill leaves the whole file or none, and perhaps a scratch file or, without links, a claim
 * (place-file.ts). Throws what the system throws.
 * @param path raw
 * @param run the id of the run; `n` is the number of its scratch file
 */
export function writeNew(path: string, bytes: Uint8Array, run: string, n: number, steps: FileSteps): boolean {
  const folder = folderOf(path);
  const scratch = folder + scratchName(run, n);
  const fd = steps.create(scratch, 0o666);
  let placed = false;
  try {
    try {
      steps.write(fd, scratch, bytes);
      steps.sync(fd, scratch);
    } finally {
      closeSync(fd);
    }
    placed = placeFile(scratch, path, run, steps);
  } finally {
    if (!placed) removeQuietly(scratch, steps);
  }
  if (placed) steps.syncFolder(folder === '' ? '.' : folder);
  return placed;
}
