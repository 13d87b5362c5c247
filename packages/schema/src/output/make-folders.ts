import { existsSync } from 'node:fs';
import { errnoOf, FILE_STEPS, folderOf, toFsPath, writeError } from '@tandem/files';
import { outputError } from './output-error.ts';

/**
 * Makes the folders above a raw path that are not there yet, and gives them, the outermost first.
 * @throws {TandemError} ERR_TANDEM_OUTPUT_UNWRITABLE, ERR_TANDEM_NO_SPACE; then none is left
 */
export function makeFoldersAbove(path: string): readonly string[] {
  const made: string[] = [];
  try {
    make(folderOf(path), made);
    return made;
  } catch (error) {
    removeFolders(made);
    throw outputError(writeError(error, path), path);
  }
}

/** Takes back folders that were made, as far as nothing is in them. */
export function removeFolders(made: readonly string[]): void {
  try {
    for (const folder of made.toReversed()) FILE_STEPS.rmdir(folder);
  } catch (error) {
    if (errnoOf(error) === '') throw error;
  }
}

function make(folder: string, made: string[]): void {
  const name = folder.replace(/\/+$/, '');
  // Nearly always it is there, and to be told so by an error takes longer.
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
