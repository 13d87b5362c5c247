import { count, plural, withReasons } from '../terminal/numbers.ts';

/** The sums that the runs over sidecars share. */
interface Sums {
  readonly items: number;
  readonly valid: number;
  readonly invalid: number;
  readonly unreadable: number;
  readonly skipped: Readonly<Record<string, number>>;
}

/** The lines with the sums of a run. */
export function totalsLines(totals: Sums, operation: string | null): string[] {
  const { items, valid, invalid, unreadable } = totals;
  const what = operation === null ? '' : ` of ${operation}`;
  const read = unreadable > 0 ? `, ${count(unreadable)} unreadable` : '';
  return [
    `${plural(items, 'sidecar')}${what}: ${count(valid)} valid, ${count(invalid)} invalid${read}`,
    ...skippedLines(totals),
  ];
}

/** The line about what a run left out, if there is any. */
export function skippedLines({ skipped }: Pick<Sums, 'skipped'>): string[] {
  const reasons = withReasons(skipped);
  return reasons === '0' ? [] : [`Skipped ${reasons}`];
}
