import { diffArrays } from 'diff';

/** One line in the comparison of two texts. */
export interface ComparedLine {
  readonly mark: '-' | '+' | ' ';
  readonly text: string;
}

/**
 * The maximum number of differing lines. With more, the comparison gives up, because its time grows with the
 * square of that number.
 */
const MOST_DIFFERENCES = 2000;

/**
 * The lines of two texts, marked as only in the first, only in the second, or in both. The number of
 * differences is minimal. With more than 2,000 differences, every line counts as different.
 */
export function compareLines(before: string, after: string): ComparedLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const changes = diffArrays(old, now, { maxEditLength: MOST_DIFFERENCES });
  if (changes === undefined) return [...marked('-', old), ...marked('+', now)];
  return changes.flatMap(({ added, removed, value }) => marked(added ? '+' : removed ? '-' : ' ', value));
}

function marked(mark: ComparedLine['mark'], lines: readonly string[]): ComparedLine[] {
  return lines.map((text) => ({ mark, text }));
}
