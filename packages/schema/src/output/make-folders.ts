import { errnoOf, FILE_STEPS, folderOf, writeError } from '@tandem/files';

/** Makes the folders above a raw path that are not there yet; throws ERR_TANDEM_UNWRITABLE and the like. */
export function makeFoldersAbove(path: string): void {
  try {
    make(folderOf(path));
  } catch (error) {
    throw writeError(error, path);
  }
}

function make(folder: string): void {
  const name = folder.replace(/\/+$/, '');
  if (name === '') return;
  try {
    FILE_STEPS.mkdir(name);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    if (errnoOf(error) !== 'ENOENT') throw error;
    make(folderOf(name));
    FILE_STEPS.mkdir(name);
  }
}
