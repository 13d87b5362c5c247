import type { Entry, Outcome } from './outcome.ts';
import type { SourceFile } from './source-file.ts';

/** The bytes of a conversion whose bytes are in a file. */
export const NO_BYTES: Buffer = Buffer.alloc(0);

/** One file that is to be converted, from its plan to its end. */
export interface Conversion {
  /** Its row; `entry.outcome` becomes a failure if something goes wrong. */
  readonly entry: Entry;
  readonly source: SourceFile;
  /** Raw path of the folder, with a trailing slash. */
  readonly folder: string;
  /** Raw path. */
  readonly target: string;
  /** Whether the target is the source itself, which is then replaced. */
  readonly inPlace: boolean;
  /** Whether the target already existed with the same content: only the source is left to be removed. */
  readonly isThere: boolean;
  /** Whether the target's name is held by the claim of a run that died: the claim is removed first. */
  readonly isClaimed: boolean;
  /** All bytes of the target; released once they are in a file. */
  bytes: Buffer;
  /**
   * The file that the addon has already written, beside the source; null if `bytes` are still to be written.
   */
  readonly staged: StagedFile | null;
}

/** All bytes of a target, in a file that does not have its final name yet. */
export interface StagedFile {
  /** Raw. */
  readonly path: string;
  readonly device: bigint;
  readonly inode: bigint;
  readonly content: Content;
}

/** The content that a file must have. */
export interface Content {
  readonly size: number;
  /** SHA-256, in hex. */
  readonly digest: string;
}

/** The plan of a candidate: a row that is final, a conversion, or nothing (skipped and counted). */
export type Plan = Conversion | Entry | null;

export function isConversion(plan: Conversion | Entry): plan is Conversion {
  return 'entry' in plan;
}

/** What is known about a file that fails during its conversion. */
export function known({ from, target, bytesBefore }: Outcome): Partial<Outcome> {
  return { from, target, bytesBefore };
}
