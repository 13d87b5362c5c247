import { TandemError } from '@tandem/engine';
import type { TreeNode } from './tree-hash.ts';

/**
 * Parses the tree in the output of `tandem schema hash --tree`.
 * @param name what errors call the text
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for any other text
 */
export function readTreeHash(text: string, name: string): TreeNode {
  let parsed: { readonly version?: unknown; readonly tree?: unknown } | null;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch (cause) {
    throw noTree(name, cause);
  }
  if (parsed?.version !== 1 || !isNode(parsed.tree, 0)) throw noTree(name);
  return parsed.tree;
}

/** The system limits a path to 4096 bytes, and a folder takes two of them. */
const MOST_DEPTH = 2048;

function isNode(value: unknown, depth: number): value is TreeNode {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return false;
  const { hash, entries } = value as { hash?: unknown; entries?: unknown };
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return false;
  if (entries === undefined) return true;
  if (typeof entries !== 'object' || entries === null) return false;
  return Object.values(entries).every((entry) => isNode(entry, depth + 1));
}

function noTree(name: string, cause?: unknown): TandemError {
  return new TandemError('ERR_TANDEM_BAD_ARGUMENT', {
    params: {
      problem: `${name} does not contain a tree hash`,
      cure: 'write one with treeHash(), or tandem schema hash --tree',
    },
    cause,
  });
}
