import { LIMITS, type RunOptions } from '@tandem/engine';
import { throwFirst } from '../finding.ts';
import { runJoin } from '../join/join-run.ts';
import { neededOrder } from '../order/needed-order.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

/**
 * The files in build order: the configured order, with every file after the files that it requires.
 * @throws {TandemError} what prevents a file from being read, and what neededOrder throws
 */
export async function orderSelected(
  files: readonly SelectedFile[],
  options: RunOptions & { readonly maxSize?: number } = {},
): Promise<readonly SelectedFile[]> {
  const maxSize = options.maxSize ?? LIMITS.maxSchemaSize;
  const wishes = { text: true, maxSize };
  const { needs, findings } = await runJoin(files, wishes, options, () => undefined);
  throwFirst(findings);
  return neededOrder(files, needs) ?? files;
}
