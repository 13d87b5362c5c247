import { readFileSync } from 'node:fs';
import { toFsPath } from '@tandem/files';
import type { SelectedFile } from '../selection/selected-file.ts';
import type { Need } from './need.ts';
import { orderByNeed } from './order-by-need.ts';
import { readNeeds } from './read-needs.ts';
import { resolveNeeds } from './resolve-needs.ts';

/**
 * Files in the order that their needs ask for: spec/schema/needs.md.
 * @param candidates indices of those that may say what they require
 * @returns null where that is the order they are in
 * @throws {TandemError} ERR_TANDEM_REQUIRES_MISSING, ERR_TANDEM_REQUIRES_CIRCLE
 */
export function neededOrder(
  files: readonly SelectedFile[],
  candidates: readonly number[],
): readonly SelectedFile[] | null {
  const needs = candidates.flatMap((file): Need[] => {
    const text = readFileSync(toFsPath((files[file] as SelectedFile).path));
    return readNeeds(text).map(({ line, target }) => ({ file, line, target }));
  });
  if (needs.length === 0) return null;
  const order = orderByNeed(files, resolveNeeds(files, needs));
  return order.every((index, place) => index === place)
    ? null
    : order.map((index) => files[index] as SelectedFile);
}
