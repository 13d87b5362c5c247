import { closeSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { type FileSteps, folderOf, type LockJudge, openToSync, stemOf, writeError } from '@tandem/files';
import { sameTokens } from '@tandem/json';
import type { InspectorLimits } from '../inspect.ts';
import { promisedBy } from '../walk/name-class.ts';
import { interruptedFormat } from './interrupted-format.ts';
import { isAsRead } from './is-as-read.ts';
import { type ReadFile, readWhole } from './read-whole.ts';
import { openDocument } from './splice.ts';

/**
 * Finishes what a killed convert began for one image: if its target exists and has the same content, the
 * source is removed, as the convert would have removed it (spec/sidecar/save.md, step 4). Otherwise a save
 * would turn them into two different documents, and it would be impossible to tell which is right. Call it
 * only under the lock of the sidecar.
 * @param paths the raw paths of all sidecars of the image
 * @returns whether a source was removed
 * @throws {TandemError} ERR_TANDEM_UNWRITABLE, _NO_SPACE
 */
export function finishInterrupted(
  paths: readonly string[],
  limits: InspectorLimits,
  judge: LockJudge,
  steps: FileSteps,
): boolean {
  // An image nearly always has one sidecar.
  if (paths.length < 2) return false;
  return paths.filter((source) => finish(source, paths, limits, judge, steps)).length > 0;
}

function finish(
  source: string,
  paths: readonly string[],
  limits: InspectorLimits,
  judge: LockJudge,
  steps: FileSteps,
): boolean {
  const folder = folderOf(source);
  const format = interruptedFormat(folder, judge);
  const target = `${folder}${stemOf(source.slice(folder.length))}.${format}`;
  if (format === null || format === promisedBy(source) || !paths.includes(target)) return false;
  const [from, to] = [readRight(source, limits), readRight(target, limits)];
  if (from === null || to === null) return false;
  if (!sameTokens(openDocument(from, limits).tape, openDocument(to, limits).tape)) return false;
  try {
    settle(target, folder, steps);
    if (!isAsRead(target, to) || !isAsRead(source, from)) return false;
    steps.unlink(source);
  } catch (error) {
    throw writeError(error, source);
  }
  return true;
}

/** Makes the target durable: it is unknown whether the killed run did so. */
function settle(target: string, folder: string, steps: FileSteps): void {
  const fd = openToSync(target);
  try {
    steps.sync(fd, target);
  } finally {
    closeSync(fd);
  }
  steps.syncFolder(folder === '' ? '.' : folder);
}

/** Null for a file that is invalid or gone: what becomes of it is not decided here. */
function readRight(path: string, limits: InspectorLimits): ReadFile | null {
  try {
    const file = readWhole(path, limits.maxSize);
    openDocument(file, limits);
    return file;
  } catch (error) {
    if (error instanceof TandemError) return null;
    throw error;
  }
}
