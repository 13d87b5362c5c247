import { errorHint, errorMessage } from '@tandem/engine';
import { rootPrefix, shownText, TREE_LOCK } from '@tandem/files';
import type { Interrupted } from '../generated/reports.ts';
import { unfinishedAt } from '../store/lock-file.ts';

/**
 * Of the folders of a tree that have the lock of a run those in which a convert was interrupted; where one is at work, nothing is wrong.
 * @param input as the caller spelt it; of a list nobody knows
 * @param locks raw paths below it, in the order of the walk
 */
export function interruptedIn(input: string | undefined, locks: readonly string[]): Interrupted[] {
  if (input === undefined || locks.length === 0) return [];
  const prefix = rootPrefix(
    Buffer.from(input)
      .toString('latin1')
      .replace(/(.)\/+$/, '$1'),
  );
  return locks.flatMap((below) => {
    // Nothing is made in a tree that is only read, so the clock is ours.
    const format = unfinishedAt(prefix + below + TREE_LOCK, Date.now);
    if (format === null) return [];
    const params = { format };
    const code = 'ERR_TANDEM_INTERRUPTED';
    const folder = shownText((prefix + below).replace(/(.)\/$/, '$1'));
    return [{ folder, format, message: errorMessage(code, params), hint: errorHint(code, params) ?? '' }];
  });
}
