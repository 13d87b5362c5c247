import { closeSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { type FileSteps, folderOf, openToSync, stemOf, TREE_LOCK, writeError } from '@tandem/files';
import type { InspectorLimits } from '../inspect.ts';
import { sameTokens } from '../json/same-tokens.ts';
import { promisedBy } from '../walk/name-class.ts';
import { isAsRead } from './is-as-read.ts';
import { type Clock, unfinishedAt } from './lock-file.ts';
import { type ReadFile, readWhole } from './read-whole.ts';
import { openDocument } from './splice.ts';

/**
 * Finishes for one image what a convert that was killed has begun: where its target is there and says the same, the source goes, as it
 * would have gone (spec/sidecar/save.md, step 4). Else a save would make two different documents of them, and nobody could say which is
 * right. Only under the lock of the sidecar.
 * @param paths the raw paths of all sidecars of the image
 * @returns whether a source was removed
 * @throws {TandemError} ERR_TANDEM_UNWRITABLE, _NO_SPACE
 */
export function finishInterrupted(
  paths: readonly string[],
  limits: InspectorLimits,
  clock: Clock,
  steps: FileSteps,
): boolean {
  // Nearly always an image has one sidecar.
  if (paths.length < 2) return false;
  return paths.filter((source) => finish(source, paths, limits, clock, steps)).length > 0;
}

function finish(
  source: string,
  paths: readonly string[],
  limits: InspectorLimits,
  clock: Clock,
  steps: FileSteps,
): boolean {
  const folder = folderOf(source);
  const format = unfinishedAt(folder + TREE_LOCK, clock);
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

/** Nobody knows whether the run that was killed came to make it durable. */
function settle(target: string, folder: string, steps: FileSteps): void {
  const fd = openToSync(target);
  try {
    steps.sync(fd, target);
  } finally {
    closeSync(fd);
  }
  steps.syncFolder(folder === '' ? '.' : folder);
}

/** Null for a file that is not right, or is gone: what it is to become is not ours to say. */
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
