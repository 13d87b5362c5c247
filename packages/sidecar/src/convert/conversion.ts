import type { Entry, Outcome } from './outcome.ts';
import type { SourceFile } from './source-file.ts';

/** Of a conversion whose bytes are in a file. */
export const NO_BYTES: Buffer = Buffer.alloc(0);

/** One file that is to be converted, from its plan to its end. */
export interface Conversion {
  /** Its row; `entry.outcome` becomes a failure where something goes wrong. */
  readonly entry: Entry;
  readonly source: SourceFile;
  /** Raw path of the folder, with a slash at its end. */
  readonly folder: string;
  /** Raw path. */
  readonly target: string;
  /** The target is the source itself: it is replaced. */
  readonly inPlace: boolean;
  /** The target was there already and says the same: only the source is left to be removed. */
  readonly isThere: boolean;
  /** The target's name is held by the claim of a run that died: it is removed first. */
  readonly isClaimed: boolean;
  /** All bytes of the target; let go of when they are in a file. */
  bytes: Buffer;
  /** The file that the addon has written already, beside the source; null where `bytes` are still to be written. */
  readonly staged: StagedFile | null;
}

/** All bytes of a target, in a file that has not yet its name. */
export interface StagedFile {
  /** Raw. */
  readonly path: string;
  readonly device: bigint;
  readonly inode: bigint;
  readonly content: Content;
}

/** What a file is to hold. */
export interface Content {
  readonly size: number;
  /** SHA-256, in hex. */
  readonly digest: string;
}

/** What a candidate's plan is: a row that is final, something to do, or nothing (left out and counted). */
export type Plan = Conversion | Entry | null;

export function isConversion(plan: Conversion | Entry): plan is Conversion {
  return 'entry' in plan;
}

/** What is known of a file that fails on its way. */
export function known({ from, target, bytesBefore }: Outcome): Partial<Outcome> {
  return { from, target, bytesBefore };
}
