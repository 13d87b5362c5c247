import { createHash } from 'node:crypto';
import { LIMITS, type RunOptions } from '@tandem/engine';
import { throwFirst } from '../finding.ts';
import { runJoin } from '../join/join-run.ts';
import { HASH_FRAME } from '../join/separator.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

export interface HashOptions extends RunOptions {
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
}

/**
 * The hash of confiture 1.29, in hex: SHA-256 over `label NUL content NUL` of each file in its order. Raw bytes; seeds are in it.
 * It says whether something changed, and two different trees may have the same one (docs/schema-compat.md): treeHash has not.
 */
export async function hashSelected(
  files: readonly SelectedFile[],
  options: HashOptions = {},
): Promise<string> {
  const hash = createHash('sha256');
  const wishes = {
    pieces: HASH_FRAME,
    maxSize: options.maxSize ?? LIMITS.maxSchemaSize,
  };
  const { findings } = await runJoin(files, wishes, options, (bytes) => hash.update(bytes));
  throwFirst(findings);
  return hash.digest('hex');
}
