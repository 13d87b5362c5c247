import { folderOf } from '@tandem/files';

/** The number a name begins with (tree_prefix.py): hex digits before the first `_`, one decimal digit among them at least. */
const PREFIX = /^(?=[a-fA-F]*[0-9])([0-9a-fA-F]+)_/;
const HEX_LETTER = /[a-fA-F]/;

/** The digits before a name's first `_`, or null where it has no number. */
export function hexPrefix(name: string): string | null {
  return PREFIX.exec(name)?.[1] ?? null;
}

/**
 * Files by the numbers that the parts of their paths begin with, as confiture's `sort_mode: hex` has it: numbered ones first,
 * by number, then by the rest of the name; what is still equal by the whole path. Numbers are hexadecimal in a folder where
 * one of them has a letter, else decimal.
 */
export class HexOrder {
  /** Folders whose names are numbered in base 16. */
  readonly #hexFolders = new Set<string>();
  readonly #folderKeys = new Map<string, string>();

  /** @param paths raw and absolute: all files of one block, because the base depends on the names beside a name */
  constructor(paths: readonly string[]) {
    const seen = new Set<string>();
    for (const path of paths) {
      // Up to the first folder that was seen: what is above it was looked at then.
      for (let at = path; at !== '' && at !== '/' && !seen.has(at); at = parentOf(at)) {
        if (at !== path) seen.add(at);
        const prefix = hexPrefix(nameOf(at));
        if (prefix !== null && HEX_LETTER.test(prefix)) this.#hexFolders.add(parentOf(at));
      }
    }
  }

  /** The number of a file or folder (its path with a slash at its end), or null; in hexadecimal digits, as it has no limit. */
  numberOf(path: string): string | null {
    const prefix = hexPrefix(nameOf(path));
    return prefix === null ? null : hexDigits(prefix, this.#hexFolders.has(parentOf(path)));
  }

  /** The same things in their order. */
  sorted<Item extends { readonly path: string }>(items: readonly Item[]): Item[] {
    const byKey = new Map(items.map((item) => [`${this.#keyOf(item.path)}\0${partsKey(item.path)}`, item]));
    return [...byKey.keys()].sort().map((key) => byKey.get(key) as Item);
  }

  /** Text that compares as the numbers and names of all parts do; each part begins with 1 or 2 and ends with 0, which no name holds. */
  #keyOf(path: string): string {
    if (path === '' || path === '/') return '';
    const isFolder = path.endsWith('/');
    const known = isFolder ? this.#folderKeys.get(path) : undefined;
    if (known !== undefined) return known;
    const name = nameOf(path);
    const prefix = hexPrefix(name);
    const number = this.numberOf(path);
    const part =
      prefix === null || number === null
        ? `\x02${name}`
        : `\x01${String.fromCharCode(number.length)}${number}${name.slice(prefix.length + 1)}`;
    const key = `${this.#keyOf(parentOf(path))}${part}\0`;
    if (isFolder) this.#folderKeys.set(path, key);
    return key;
  }
}

/** A raw path that compares by its parts: a slash comes before all that a name can hold. */
export function partsKey(path: string): string {
  return path.replaceAll('/', '\0');
}

/** The folder something is in, with a slash at its end; '' at the top. */
export function parentOf(path: string): string {
  return folderOf(path.endsWith('/') ? path.slice(0, -1) : path);
}

/** What stands behind the last slash that does not end the path. */
export function nameOf(path: string): string {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function hexDigits(prefix: string, isHex: boolean): string {
  if (!isHex) return prefix.length < 16 ? Number(prefix).toString(16) : BigInt(prefix).toString(16);
  return prefix.toLowerCase().replace(/^0+(?=.)/, '');
}
