/** A line of two texts that are compared. */
export interface ComparedLine {
  readonly mark: '-' | '+' | ' ';
  readonly text: string;
}

/** Cells of a table for the longest common part: beyond that, all lines in the middle count as changed. */
const MOST_CELLS = 4_000_000;

/** The lines of two texts: those only in the first, only in the second, and in both; as few as possible differ. */
export function compareLines(before: string, after: string): ComparedLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const shortest = Math.min(old.length, now.length);
  let head = 0;
  while (head < shortest && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shortest - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const same = (lines: readonly string[]): ComparedLine[] => marked(' ', lines);
  return [
    ...same(old.slice(0, head)),
    ...compareMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...same(old.slice(old.length - tail)),
  ];
}

function compareMiddle(old: readonly string[], now: readonly string[]): ComparedLine[] {
  if (old.length * now.length > MOST_CELLS) return [...marked('-', old), ...marked('+', now)];
  const lengths = commonLengths(old, now);
  const width = now.length + 1;
  const lines: ComparedLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [one, other] = [old[i], now[j]];
    if (one !== undefined && one === other) {
      lines.push({ mark: ' ', text: one });
      i++;
      j++;
    } else if (
      one !== undefined &&
      (other === undefined || lengthAt(lengths, (i + 1) * width + j) >= lengthAt(lengths, i * width + j + 1))
    ) {
      lines.push({ mark: '-', text: one });
      i++;
    } else {
      lines.push({ mark: '+', text: other as string });
      j++;
    }
  }
  return lines;
}

/** How many lines old[i..] and now[j..] have in common in one order: row by row, the last row and column are zero. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const here = i * width + j;
      lengths[here] =
        old[i] === now[j]
          ? lengthAt(lengths, here + width + 1) + 1
          : Math.max(lengthAt(lengths, here + width), lengthAt(lengths, here + 1));
    }
  }
  return lengths;
}

function lengthAt(lengths: Uint32Array, at: number): number {
  return lengths[at] as number;
}

function marked(mark: ComparedLine['mark'], lines: readonly string[]): ComparedLine[] {
  return lines.map((text) => ({ mark, text }));
}
