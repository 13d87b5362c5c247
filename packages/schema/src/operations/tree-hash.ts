import { LIMITS } from '@tandem/engine';
import { throwFirst } from '../finding.ts';
import { runJoin } from '../join/join-run.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { type TreeNode, treeOf } from '../tree-hash/tree-hash.ts';
import type { HashOptions } from './hash.ts';

/**
 * The tree of the selected files. Its hash covers every name and byte, and comparing two trees shows which
 * files differ.
 */
export async function treeHashSelected(
  files: readonly SelectedFile[],
  options: HashOptions = {},
): Promise<TreeNode> {
  const wishes = {
    digests: true,
    maxSize: options.maxSize ?? LIMITS.maxSchemaSize,
  };
  const { digests, findings } = await runJoin(files, wishes, options, () => undefined);
  throwFirst(findings);
  return treeOf(files.map(({ label }, index) => ({ label, hash: digests[index] as string })));
}
