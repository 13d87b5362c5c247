import { statSync } from 'node:fs';
import { type EntryKind, FolderStack, passedOver, toFsPath, visitEntries } from '@tandem/files';

/**
 * The files that paths name: a file or a pipe is itself, a folder is the files below it, folder by folder, in the
 * order of their bytes. What does not exist is left to the one who reads it.
 * @param paths raw; '-' is the standard input
 */
export function logFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => (path !== '-' && isFolder(path) ? filesBelow(path) : [path]));
}

function filesBelow(root: string): string[] {
  const prefix = root.endsWith('/') ? root : `${root}/`;
  const files: string[] = [];
  const folders = new FolderStack();
  for (let folder: string | null = ''; folder !== null; folder = folders.pop()) {
    const [names, below]: [string[], string[]] = [[], []];
    const visit = (name: string, kind: EntryKind): void => {
      const isBelow = kind === 'folder';
      if (passedOver(name, isBelow) !== null) return;
      if (isBelow) below.push(name);
      else if (kind === 'file' || kind === 'file-link') names.push(name);
    };
    try {
      visitEntries(prefix + folder, visit);
    } catch {
      // The one who reads it finds out why.
      files.push(prefix + folder);
    }
    for (const name of names.sort()) files.push(prefix + folder + name);
    folders.push(folder, below.sort());
  }
  return files;
}

function isFolder(path: string): boolean {
  return statSync(toFsPath(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
