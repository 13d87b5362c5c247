import { rootPrefix } from '@tandem/files';
import type { SortMode } from '../project/project-config.ts';
import { compareByParts, nameOf } from './folders.ts';
import { HexOrder, isNumbered } from './hex-order.ts';
import type { SelectedFile } from './selected-file.ts';
import type { WalkedEntry } from './walk-entry.ts';

/** The files of a build that share an `order`, in their order. */
export interface Block {
  readonly order: number;
  readonly files: readonly SelectedFile[];
  /** Null where names decide. */
  readonly hex: HexOrder<SelectedFile> | null;
}

/**
 * Blocks by `order`, the lowest first; inside one the sort mode decides, whatever the entries' sequence is.
 * @param walked in the sequence of their `order`
 */
export function buildOrder(walked: readonly WalkedEntry[], sortMode: SortMode): readonly Block[] {
  // Decided over all blocks at once, and by files alone: numbers of folders count only where a file has one.
  const hasNumbers =
    sortMode === 'hex' && walked.some(({ files }) => files.some(({ path }) => isNumbered(nameOf(path))));
  return [...blocksOf(walked)].map(([order, entries]) => {
    const files = byName(entries);
    if (!hasNumbers) return { order, files, hex: null };
    const hex = new HexOrder(files);
    return { order, files: hex.sorted(), hex };
  });
}

function blocksOf(walked: readonly WalkedEntry[]): Map<number, WalkedEntry[]> {
  const blocks = new Map<number, WalkedEntry[]>();
  for (const one of walked) {
    const block = blocks.get(one.entry.order);
    if (block === undefined) blocks.set(one.entry.order, [one]);
    else block.push(one);
  }
  return blocks;
}

/** Each walk is sorted already. By their folders they come one after another, or the files of one lie between those of others. */
function byName(entries: readonly WalkedEntry[]): readonly SelectedFile[] {
  const sorted = [...entries].sort((one, other) => compareByParts(one.entry.path, other.entry.path));
  return sorted.reduce<readonly SelectedFile[]>(
    (files, { entry, files: more }) =>
      files.length === 0 ? more : inserted(files, more, rootPrefix(entry.path)),
    [],
  );
}

/** Two sorted lists as one. All of `more` lies in `folder`: what is outside of it needs no comparing. */
function inserted(
  files: readonly SelectedFile[],
  more: readonly SelectedFile[],
  folder: string,
): readonly SelectedFile[] {
  if (more.length === 0) return files;
  const from = firstIndex(files, ({ path }) => compareByParts(path, folder) >= 0);
  const to = firstIndex(files, ({ path }) => compareByParts(path, folder) >= 0 && !path.startsWith(folder));
  const within = [...files.slice(from, to), ...more];
  if (to > from) within.sort((one, other) => compareByParts(one.path, other.path));
  return [...files.slice(0, from), ...within, ...files.slice(to)];
}

/** Where a sorted list begins to be what is asked for. */
function firstIndex(files: readonly SelectedFile[], is: (file: SelectedFile) => boolean): number {
  let from = 0;
  let to = files.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (is(files[middle] as SelectedFile)) to = middle;
    else from = middle + 1;
  }
  return from;
}
