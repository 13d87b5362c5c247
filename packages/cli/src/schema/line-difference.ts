import { diffArrays } from 'diff';

/** A line of two texts that are compared. */
export interface ComparedLine {
  readonly mark: '-' | '+' | ' ';
  readonly text: string;
}

/** Lines that may differ before the comparison gives up: its time grows with their square. */
const MOST_DIFFERENCES = 2000;

/**
 * The lines of two texts: those only in the first, only in the second, and in both. As few as possible differ;
 * beyond 2,000 differences every line does.
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
