import { readFileSync } from 'node:fs';
import type { RunOptions } from '@tandem/engine';
import { RunEnd } from '@tandem/job';
import { badSide, type ProjectSide, type TreeHashFile } from '../side/schema-side.ts';
import { type SideContext, withProject } from '../side/side-project.ts';
import { readTreeHash } from '../tree-hash/tree-file.ts';
import { type TreeChange, type TreeNode, treeChanges } from '../tree-hash/tree-hash.ts';

/** What a tree is compared with: a tree hash, a file that contains one, or source files. */
export type ChangeBase = ProjectSide | TreeHashFile | TreeNode;

/**
 * The files and folders that differ between a base and the current project.
 * @param treeHash returns the tree of the project in a folder
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for a file that does not contain a tree hash, and what
 *   withProject throws
 */
export async function changedSince(
  base: ChangeBase,
  context: Omit<SideContext, 'signal'>,
  options: Pick<RunOptions, 'timeout' | 'signal'>,
  treeHash: (projectDir: string, signal: AbortSignal) => Promise<TreeNode>,
): Promise<TreeChange[]> {
  const end = new RunEnd(options);
  const { signal } = end;
  const read = async (): Promise<TreeNode> => {
    if ('hash' in base) return base;
    if ('treeHash' in base) return readTreeHash(textOf(base.treeHash), base.treeHash);
    return withProject(base, { ...context, signal }, ({ projectDir }) => treeHash(projectDir, signal));
  };
  try {
    const before = await read();
    return treeChanges(before, await treeHash(context.projectDir, signal));
  } catch (error) {
    throw end.error(error);
  } finally {
    end.release();
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw badSide(`${file} cannot be read`, 'write it with tandem schema hash --tree', cause);
  }
}
