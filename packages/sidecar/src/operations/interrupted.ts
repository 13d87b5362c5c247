import { errorHint, errorMessage } from '@tandem/engine';
import { rootPrefix, shownText } from '@tandem/files';
import { advisoryLock } from '@tandem/job';
import type { Interrupted } from '../generated/reports.ts';
import { interruptedFormat } from '../store/interrupted-format.ts';

/**
 * Of the folders of a tree that contain the lock of a run, returns those in which a convert was interrupted;
 * a folder in which one is at work is not included.
 * @param input as the caller spelled it; undefined for a list, whose folders are unknown
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
    // Nothing is created in a tree that is only read, so the clock is that of this machine.
    const format = interruptedFormat(prefix + below, { now: Date.now, advisoryLock });
    if (format === null) return [];
    const params = { format };
    const code = 'ERR_TANDEM_INTERRUPTED';
    const folder = shownText((prefix + below).replace(/(.)\/$/, '$1'));
    return [{ folder, format, message: errorMessage(code, params), hint: errorHint(code, params) ?? '' }];
  });
}
