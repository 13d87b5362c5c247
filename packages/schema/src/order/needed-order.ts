import { readAgain } from '../read-again.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import type { Need, ResolvedNeed } from './need.ts';
import { orderByNeed } from './order-by-need.ts';
import { readNeeds } from './read-needs.ts';
import { resolveNeeds } from './resolve-needs.ts';

/**
 * Files in the order that their needs require: spec/schema/needs.md.
 * @param candidates indices of the files that may declare what they require
 * @returns null if the files are already in that order
 * @throws {TandemError} ERR_TANDEM_REQUIRES_MISSING, ERR_TANDEM_REQUIRES_CIRCLE, ERR_TANDEM_CHANGED
 */
export function neededOrder(
  files: readonly SelectedFile[],
  candidates: readonly number[],
): readonly SelectedFile[] | null {
  const needs = saidNeeds(files, candidates);
  if (needs.length === 0) return null;
  const order = orderByNeed(files, needs);
  return order.every((index, place) => index === place)
    ? null
    : order.map((index) => files[index] as SelectedFile);
}

/**
 * The needs that files declare.
 * @throws {TandemError} ERR_TANDEM_REQUIRES_MISSING, ERR_TANDEM_CHANGED
 */
export function saidNeeds(files: readonly SelectedFile[], candidates: readonly number[]): ResolvedNeed[] {
  const needs: Need[] = [];
  for (const file of candidates) {
    for (const { line, target } of readNeeds(readAgain((files[file] as SelectedFile).path))) {
      needs.push({ file, line, target });
    }
  }
  return resolveNeeds(files, needs);
}
