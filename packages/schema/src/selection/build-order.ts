import { rootPrefix } from '@tandem/files';
import type { SortMode } from '../project/project-config.ts';
import { compareByParts, nameOf } from './folders.ts';
import { HexOrder, isNumbered } from './hex-order.ts';
import type { SelectedFile } from './selected-file.ts';
import type { WalkedEntry } from './walk-entry.ts';

/** The files of a build that share an `order`, in build order. */
export interface Block {
  readonly order: number;
  readonly files: readonly SelectedFile[];
  /** Null if names decide. */
  readonly hex: HexOrder<SelectedFile> | null;
}

/**
 * Blocks by `order`, lowest first. Within a block the sort mode decides, regardless of the sequence of the
 * entries.
 * @param walked in the sequence of their `order`
 */
export function buildOrder(walked: readonly WalkedEntry[], sortMode: SortMode): readonly Block[] {
  // Decided over all blocks at once, and by files only: numbers of folders count only if some file has a
  // number.
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

/**
 * Each walk is already sorted. Sorted by folder, the walks follow one another, unless the files of one lie
 * between those of another.
 */
function byName(entries: readonly WalkedEntry[]): readonly SelectedFile[] {
  const sorted = [...entries].sort((one, other) => compareByParts(one.entry.path, other.entry.path));
  return sorted.reduce<readonly SelectedFile[]>(
    (files, { entry, files: more }) =>
      files.length === 0 ? more : inserted(files, more, rootPrefix(entry.path)),
    [],
  );
}

/**
 * Merges two sorted lists. All of `more` lies in `folder`, so that files outside of it need no comparison.
 */
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

/** The index of the first file in a sorted list that satisfies the predicate. */
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
