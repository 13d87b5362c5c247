import type { RunOptions } from '@tandem/engine';
import { throwFirst } from '../finding.ts';
import { type Joined, type JoinWishes, runJoin } from '../join/join-run.ts';
import type { Separator } from '../join/separator.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import type { TwoPass } from '../two-pass/two-pass.ts';

/** What the body of a build consists of. */
export interface JoinedBody {
  readonly joined: Joined;
  /** Where the foreign keys were moved, in a two-pass build. */
  readonly passes: TwoPass | null;
}

/**
 * Joins files into the body of a build.
 * @param take receives the body part by part; each part is valid until the next one
 * @throws {TandemError} the first error in the files, and what runJoin throws
 */
export async function joinBody(
  files: readonly SelectedFile[],
  { separator, twoPass }: { readonly separator: Separator; readonly twoPass: boolean },
  wishes: JoinWishes,
  options: RunOptions,
  take: (bytes: Uint8Array) => void,
): Promise<JoinedBody> {
  const named = labelled(files, separator);
  const passes = twoPass ? await beginTwoPass(separator) : null;
  const joined = await runJoin(named, wishes, options, (rows, told) => {
    if (passes === null) take(rows);
    else for (const bytes of passes.rows(rows, told, (index) => named[index]?.label ?? '')) take(bytes);
  });
  throwFirst(joined.findings);
  if (passes !== null) take(passes.end());
  return { joined, passes };
}

/** Loaded on demand: loading PostgreSQL's parser takes longer than joining a hundred files. */
export async function beginTwoPass(separator: Separator): Promise<TwoPass> {
  return (await import('../two-pass/two-pass.ts')).TwoPass.begin(separator);
}

function labelled(files: readonly SelectedFile[], separator: Separator): readonly SelectedFile[] {
  return files.map((file) => {
    const label = separator.label(file.label);
    return label === file.label ? file : { ...file, label };
  });
}
