import type { FolderCounts } from '../walk/walk-batch.ts';

/** Counts as a JSON object, in the given order; zero counts are omitted. */
export function countsJson(counts: Iterable<readonly [string, number]>): string {
  const parts: string[] = [];
  for (const [name, count] of counts) if (count > 0) parts.push(`"${name}":${count}`);
  return `{${parts.join(',')}}`;
}

/** The number of skipped entries by reason, in the order of spec/sidecar/walk.md. */
export function skippedJson(counts: FolderCounts, otherOperation = 0): string {
  return countsJson([
    ['system', counts.system],
    ['scratch', counts.scratch],
    ['not_a_file', counts.notAFile],
    ['linked_folder', counts.linkedFolder],
    ['other_operation', otherOperation],
  ]);
}
