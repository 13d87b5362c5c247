import { folderOf } from '@tandem/files';
import { nameOf, parentOf } from './folders.ts';

interface Placed {
  /** Raw and absolute. */
  readonly path: string;
}

/** A folder with what is chosen in it and below it, in the order of the names. */
interface Folder<Item extends Placed> extends Placed {
  readonly children: (Item | Folder<Item>)[];
  /** A number in it has a letter, so that all of them are in base 16. */
  isHex: boolean;
  /** How many digits the number of each name has, 0 for none; null where that differs or a digit is a capital. */
  width: number | null;
}

/**
 * Files by the numbers that the parts of their paths begin with, as confiture's `sort_mode: hex` has it (core/tree_prefix.py):
 * numbered ones first, by number, then by the rest of the name; what is still equal by the whole path. Numbers are hexadecimal
 * in a folder where one of them has a letter, else decimal.
 */
export class HexOrder<Item extends Placed> {
  readonly #folders = new Map<string, Folder<Item>>();
  readonly #top: Folder<Item> = { path: '', children: [], isHex: false, width: null };

  /** @param items all files of one block, because the base depends on the names beside a name; in the order of their paths' parts */
  constructor(items: readonly Item[]) {
    this.#folders.set('', this.#top);
    let folder = this.#top;
    for (const item of items) {
      const path = folderOf(item.path);
      if (path !== folder.path) folder = this.#folderAt(path);
      addChild(folder, item);
    }
  }

  /** The number of a file or folder (its path with a slash at its end), or null; in hexadecimal digits, as it has no limit. */
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

/** Folders that nothing distinguishes up to here are sorted as one: what is in them may come in turns. */
function addSorted<Item extends Placed>(folders: readonly Folder<Item>[], sorted: Item[]): void {
  const [first] = folders;
  if (folders.length === 1 && first !== undefined && first.width !== null) {
    // Numbers of one length are in order as their names are.
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

/** What has one number and one rest of the name: files come before folders, as their paths have fewer parts. */
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

/** Where the number ends that a name begins with, or -1: hex digits before the first `_`, a decimal one among them. */
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

/** Text that compares as number and rest of a name do: how many digits there are stands before them. */
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
