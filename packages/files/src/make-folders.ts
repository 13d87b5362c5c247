import { existsSync } from 'node:fs';
import { errnoOf } from './entry-kind.ts';
import { FILE_STEPS } from './file-steps.ts';
import { folderOf, toFsPath } from './raw-path.ts';

/**
 * Makes the folders above a path that do not exist; returns them, the outermost first. Throws the system's
 * error, and then has made none.
 * @param path raw; of a folder that is to be made too, with a slash at its end
 */
export function makeFoldersAbove(path: string): readonly string[] {
  const made: string[] = [];
  try {
    make(folderOf(path), made);
    return made;
  } catch (error) {
    removeFolders(made);
    throw error;
  }
}

/** Removes folders that makeFoldersAbove made, until one of them is not empty. */
export function removeFolders(made: readonly string[]): void {
  try {
    for (const folder of made.toReversed()) FILE_STEPS.rmdir(folder);
  } catch (error) {
    if (errnoOf(error) === '') throw error;
  }
}

function make(folder: string, made: string[]): void {
  const name = folder.replace(/\/+$/, '');
  // It nearly always exists, and learning that from an error takes longer.
  if (name === '' || existsSync(toFsPath(name))) return;
  try {
    FILE_STEPS.mkdir(name);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    if (errnoOf(error) !== 'ENOENT') throw error;
    make(folderOf(name), made);
    FILE_STEPS.mkdir(name);
  }
  made.push(name);
}
