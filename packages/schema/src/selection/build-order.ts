import { rootPrefix } from '@tandem/files';
import type { SortMode } from '../project/project-config.ts';
import { HexOrder, hexPrefix, nameOf, partsKey } from './hex-order.ts';
import type { FoundFile } from './selected-file.ts';
import type { WalkedEntry } from './walk-entry.ts';

/** The files of a build that share an `order`, in their order. */
export interface Block {
  readonly order: number;
  readonly files: readonly FoundFile[];
  /** Null where names decide. */
  readonly hex: HexOrder | null;
}

/**
 * Blocks by `order`, the lowest first; inside one the sort mode decides, whatever the entries' sequence is.
 * @param walked in the sequence of their `order`, ties as they are listed
 */
export function buildOrder(walked: readonly WalkedEntry[], sortMode: SortMode): readonly Block[] {
  // Decided over all blocks at once, and by files alone: numbers of folders count only where a file has one.
  const isNumbered =
    sortMode === 'hex' &&
    walked.some(({ files }) => files.some(({ path }) => hexPrefix(nameOf(path)) !== null));
  return blocksOf(walked).map((block) => {
    const order = block[0]?.entry.order ?? 0;
    if (!isNumbered) return { order, files: byName(block), hex: null };
    const files = block.flatMap((one) => one.files);
    const hex = new HexOrder(files.map(({ path }) => path));
    return { order, files: hex.sorted(files), hex };
  });
}

function blocksOf(walked: readonly WalkedEntry[]): WalkedEntry[][] {
  const blocks = new Map<number, WalkedEntry[]>();
  for (const one of walked) {
    const block = blocks.get(one.entry.order);
    if (block === undefined) blocks.set(one.entry.order, [one]);
    else block.push(one);
  }
  return [...blocks.values()];
}

/** Each walk is sorted already; where no folder lies in another, their sequence is all there is to find. */
function byName(block: readonly WalkedEntry[]): readonly FoundFile[] {
  const sorted = [...block].sort((one, other) =>
    compare(partsKey(one.entry.path), partsKey(other.entry.path)),
  );
  const [first] = sorted;
  if (sorted.length === 1 && first !== undefined) return first.files;
  const files = sorted.flatMap((one) => one.files);
  if (!overlaps(sorted.map((one) => one.entry.path))) return files;
  const byKey = new Map(files.map((file) => [partsKey(file.path), file]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as FoundFile);
}

/** Whether one of the folders lies in another, or is it. */
export function overlaps(folders: readonly string[]): boolean {
  return folders.some((folder, at) =>
    folders.some(
      (other, place) => at !== place && (folder === other || folder.startsWith(rootPrefix(other))),
    ),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
