/**
 * Raw names: one byte per character (latin1), so that no name is lost, and comparing strings compares bytes.
 */

const NOT_ASCII = /[^\0-\x7f]/;

/** Whether a raw name reads the same as text and as bytes. */
export function isAscii(raw: string): boolean {
  return !NOT_ASCII.test(raw);
}

/** A path of the caller's as a raw path. */
export function rawPath(path: string | Buffer): string {
  return (typeof path === 'string' ? Buffer.from(path) : path).toString('latin1');
}

/** A raw path as node:fs takes it: the string where it is ASCII, which is faster, else its bytes. */
export function toFsPath(raw: string): string | Buffer {
  return isAscii(raw) ? raw : Buffer.from(raw, 'latin1');
}

/** The prefix of a path below `root`: empty if there is no root (a list); ends in one slash. */
export function rootPrefix(root: string): string {
  return root === '' || root.endsWith('/') ? root : `${root}/`;
}

/** The folder part of a path, with its slash; '' if there is none. */
export function folderOf(raw: string): string {
  return raw.slice(0, raw.lastIndexOf('/') + 1);
}

/**
 * The text after the last dot, as spelled. A dot at the very beginning makes a hidden file, not an extension.
 */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1) : '';
}

/** The name without its extension and the dot before it. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
