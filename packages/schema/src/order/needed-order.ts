import { readFileSync } from 'node:fs';
import { toFsPath } from '@tandem/files';
import type { SelectedFile } from '../selection/selected-file.ts';
import type { Need, ResolvedNeed } from './need.ts';
import { orderByNeed } from './order-by-need.ts';
import { readNeeds, type SaidNeed } from './read-needs.ts';
import { resolveNeeds } from './resolve-needs.ts';

/**
 * Files in the order that their needs ask for: spec/schema/needs.md.
 * @param candidates indices of those that may say what they require
 * @returns null where that is the order they are in
 * @throws {TandemError} as orderBySaidNeeds
 */
export function neededOrder(
  files: readonly SelectedFile[],
  candidates: readonly number[],
): readonly SelectedFile[] | null {
  return orderBySaidNeeds(files, saidBy(files, candidates));
}

/**
 * What files say that they require.
 * @throws {TandemError} ERR_TANDEM_REQUIRES_MISSING
 */
export function saidNeeds(files: readonly SelectedFile[], candidates: readonly number[]): ResolvedNeed[] {
  return resolveNeeds(files, needsIn(saidBy(files, candidates)));
}

/** What a file says that it requires; it was found to be UTF-8. */
export function needsOf(file: SelectedFile): readonly SaidNeed[] {
  return readNeeds(readFileSync(toFsPath(file.path)));
}

/**
 * Files in the order that these needs ask for.
 * @param said indices of files with what they say
 * @returns null where that is the order they are in
 * @throws {TandemError} ERR_TANDEM_REQUIRES_MISSING, ERR_TANDEM_REQUIRES_CIRCLE
 */
export function orderBySaidNeeds(
  files: readonly SelectedFile[],
  said: Iterable<readonly [number, readonly SaidNeed[]]>,
): readonly SelectedFile[] | null {
  const needs = needsIn(said);
  if (needs.length === 0) return null;
  const order = orderByNeed(files, resolveNeeds(files, needs));
  return order.every((index, place) => index === place)
    ? null
    : order.map((index) => files[index] as SelectedFile);
}

function saidBy(
  files: readonly SelectedFile[],
  candidates: readonly number[],
): (readonly [number, readonly SaidNeed[]])[] {
  return candidates.map((file) => [file, needsOf(files[file] as SelectedFile)]);
}

function needsIn(said: Iterable<readonly [number, readonly SaidNeed[]]>): Need[] {
  const needs: Need[] = [];
  for (const [file, lines] of said) {
    for (const { line, target } of lines) needs.push({ file, line, target });
  }
  return needs;
}
