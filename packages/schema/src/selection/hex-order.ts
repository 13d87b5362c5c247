import { folderOf } from '@tandem/files';
import { nameOf, parentOf } from './folders.ts';

interface Placed {
  /** Raw and absolute. */
  readonly path: string;
}

/** A folder with the chosen files in it and below it, in the order of the names. */
interface Folder<Item extends Placed> extends Placed {
  readonly children: (Item | Folder<Item>)[];
  /** Whether a number in it has a letter, so that all of them are in base 16. */
  isHex: boolean;
  /**
   * The number of digits in the number of each name, 0 for none; null if names differ in it or a digit is an
   * uppercase letter.
   */
  width: number | null;
}

/**
 * Sorts files by the numbers at the beginning of the parts of their paths, as confiture's `sort_mode: hex`
 * does (core/tree_prefix.py): numbered files first, by number, then by the rest of the name; remaining ties
 * by the whole path. Numbers are hexadecimal in a folder if one of them has a letter, otherwise decimal.
 */
export class HexOrder<Item extends Placed> {
  readonly #folders = new Map<string, Folder<Item>>();
  readonly #top: Folder<Item> = { path: '', children: [], isHex: false, width: null };

  /**
   * @param items all files of one block, because the base depends on the sibling names; in the order of the
   *   parts of their paths
   */
  constructor(items: readonly Item[]) {
    this.#folders.set('', this.#top);
    let folder = this.#top;
    for (const item of items) {
      const path = folderOf(item.path);
      if (path !== folder.path) folder = this.#folderAt(path);
      addChild(folder, item);
    }
  }

  /**
   * The number of a file or folder (a folder path ends with a slash), or null; in hexadecimal digits, because
   * it has no limit.
   */
  numberOf(path: string): string | null {
    const name = nameOf(path);
    const end = numberEnd(name, 0);
    return end < 0 ? null : hexDigits(name.slice(0, end), this.#folders.get(parentOf(path))?.isHex ?? false);
  }

  sorted(): Item[] {
    const sorted: Item[] = [];
    addSorted([this.#top], sorted);
    return sorted;
  }

  #folderAt(path: string): Folder<Item> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder<Item> = { path, children: [], isHex: false, width: null };
    this.#folders.set(path, folder);
    addChild(this.#folderAt(parentOf(path)), folder);
    return folder;
  }
}

/** Whether a name begins with a number. */
export function isNumbered(name: string): boolean {
  return numberEnd(name, 0) >= 0;
}

/** Folders that are still equal at this point are sorted as one: their contents may alternate. */
function addSorted<Item extends Placed>(folders: readonly Folder<Item>[], sorted: Item[]): void {
  const [first] = folders;
  if (folders.length === 1 && first !== undefined && first.width !== null) {
    // Numbers of equal length sort as their names do.
    for (const child of first.children) {
      if ('children' in child) addSorted([child], sorted);
      else sorted.push(child);
    }
    return;
  }
  const slots = new Map<string, (Item | Folder<Item>)[]>();
  for (const folder of folders) {
    for (const child of folder.children) {
      const key = sortKey(child.path, folder);
      const slot = slots.get(key);
      if (slot === undefined) slots.set(key, [child]);
      else slot.push(child);
    }
  }
  for (const key of [...slots.keys()].sort()) addChildren(slots.get(key) ?? [], sorted);
}

/**
 * Items with the same number and the same rest of the name: files come before folders, because their paths
 * have fewer parts.
 */
function addChildren<Item extends Placed>(children: readonly (Item | Folder<Item>)[], sorted: Item[]): void {
  const folders: Folder<Item>[] = [];
  for (const child of children) {
    if ('children' in child) folders.push(child);
    else sorted.push(child);
  }
  if (folders.length > 0) addSorted(folders, sorted);
}

function addChild<Item extends Placed>(folder: Folder<Item>, child: Item | Folder<Item>): void {
  const { path } = child;
  const start = folder.path.length;
  const end = numberEnd(path, start);
  let width: number | null = Math.max(end - start, 0);
  for (let at = start; at < end; at += 1) {
    const code = path.charCodeAt(at);
    if (isHexLetter(code)) {
      folder.isHex = true;
      if (code < 0x60) width = null;
    }
  }
  // Null stays null: no width is equal to it.
  folder.width = folder.children.length === 0 || folder.width === width ? width : null;
  folder.children.push(child);
}

/**
 * The end of the number at the beginning of a name, or -1: hex digits before the first `_`, at least one of
 * them decimal.
 */
function numberEnd(path: string, start: number): number {
  let hasDecimal = false;
  for (let at = start; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) hasDecimal = true;
    else if (code === 0x5f) return hasDecimal ? at : -1;
    else if (!isHexLetter(code)) return -1;
  }
  return -1;
}

function isHexLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66;
}

/** Text that compares as the number and the rest of a name do: the number of digits precedes the digits. */
function sortKey(path: string, folder: Folder<Placed>): string {
  const start = folder.path.length;
  const stop = path.endsWith('/') ? path.length - 1 : path.length;
  const end = numberEnd(path, start);
  if (end < 0) return `\x02${path.slice(start, stop)}`;
  const digits = hexDigits(path.slice(start, end), folder.isHex);
  return `\x01${String.fromCharCode(digits.length)}${digits}${path.slice(end + 1, stop)}`;
}

function hexDigits(prefix: string, isHex: boolean): string {
  if (!isHex) return prefix.length < 16 ? Number(prefix).toString(16) : BigInt(prefix).toString(16);
  return prefix.toLowerCase().replace(/^0+(?=.)/, '');
}
