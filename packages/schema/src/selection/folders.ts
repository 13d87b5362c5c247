import { folderOf, rootPrefix } from '@tandem/files';

/** Whether a raw path is a certain folder or lies in it. */
export type Within = (path: string) => boolean;

/**
 * Compares whole parts: `a/bc` is not in `a/b`. The folder may also be a file, which contains only itself.
 */
export function within(folder: string): Within {
  const prefix = rootPrefix(folder);
  return (path) => path.startsWith(prefix) || path === folder;
}

/** The only folder, or the deepest one that contains them all. */
export function commonFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders;
  let parts = first.split('/');
  for (const other of others) {
    const theirs = other.split('/');
    const differs = parts.findIndex((part, at) => part !== theirs[at]);
    if (differs >= 0) parts = parts.slice(0, differs);
  }
  return parts.join('/') || '/';
}

/** The folder that contains a path, with a trailing slash; '' at the top. */
export function parentOf(path: string): string {
  return folderOf(withoutSlash(path));
}

/** The text after the last slash, ignoring a trailing slash. */
export function nameOf(path: string): string {
  const trimmed = withoutSlash(path);
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** Compares raw paths part by part: a slash sorts before every character that a name can contain. */
export function compareByParts(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const mine = one.charCodeAt(at);
    const theirs = other.charCodeAt(at);
    if (mine !== theirs) return (mine === 0x2f ? 0 : mine) - (theirs === 0x2f ? 0 : theirs);
  }
  return one.length - other.length;
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
