import { type LockJudge, TREE_LOCK, unfinishedAt } from '@tandem/files';
import { FORMATS, type SidecarFormat } from '../generated/formats.ts';

/**
 * The format of a convert that was interrupted in a folder; null if there was none, or if one is at work.
 * @param folder raw, with a trailing slash; '' for the current folder
 */
export function interruptedFormat(folder: string, judge: LockJudge): SidecarFormat | null {
  const unfinished = unfinishedAt(folder + TREE_LOCK, judge);
  return FORMATS.find((format) => format === unfinished) ?? null;
}
