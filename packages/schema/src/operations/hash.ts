import { createHash } from 'node:crypto';
import { LIMITS, type RunOptions } from '@tandem/engine';
import { throwFirst } from '../finding.ts';
import { runJoin } from '../join/join-run.ts';
import { HASH_FRAME } from '../join/separator.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

export interface HashOptions extends RunOptions {
  /** Maximum size of all files together, in bytes; default 2 GiB. */
  readonly maxSize?: number;
}

/**
 * The hash of confiture 1.29, in hex: SHA-256 over `label NUL content NUL` of each file in order, as raw
 * bytes, including seeds. It shows whether something changed, but two different trees may have the same hash
 * (docs/schema-compat.md); treeHash does not have this weakness.
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
