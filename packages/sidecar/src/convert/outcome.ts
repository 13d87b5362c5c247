import { type ErrorCode, type ErrorParams, errorHint, errorMessage } from '@tandem/engine';
import type { Fault } from '@tandem/files';
import type { StoredFormat } from '../generated/formats.ts';
import type { PathTexts } from '../rows/path-text.ts';

/** Why a file is left unchanged. */
export type SkipReason = 'already' | 'not_a_sidecar' | 'link' | 'linked';

/** The outcome of one file; in a dry run, the outcome it would have. */
export interface Outcome {
  readonly status: 'converted' | 'skipped' | 'failed';
  readonly reason: SkipReason | null;
  /**
   * The kind of another program's document, if the file is skipped as one and the kind is known:
   * spec/sidecar/detection.json, `foreign`.
   */
  readonly kind: string | null;
  /** Whether an earlier run had already put the target there. */
  readonly resumed: boolean;
  readonly from: StoredFormat | null;
  /** The raw name of the target, in the same folder; null if nothing was to be written. */
  readonly target: string | null;
  /** Bytes; null if the file could not be opened. */
  readonly bytesBefore: number | null;
  readonly bytesAfter: number | null;
  /** Whether white space or the spelling of escapes was lost. */
  readonly respelled: boolean;
  readonly fault: Fault | null;
}

/** A future row. Its outcome is known when its group is done. */
export interface Entry {
  readonly paths: PathTexts;
  readonly name: string;
  outcome: Outcome;
}

const NOTHING: Outcome = {
  status: 'skipped',
  reason: null,
  kind: null,
  resumed: false,
  from: null,
  target: null,
  bytesBefore: null,
  bytesAfter: null,
  respelled: false,
  fault: null,
};

export function skipped(reason: SkipReason, known: Partial<Outcome> = {}): Outcome {
  return { ...NOTHING, ...known, reason };
}

export function converted(known: Partial<Outcome>): Outcome {
  return { ...NOTHING, ...known, status: 'converted' };
}

/**
 * The outcome of a file that stays unchanged because something is wrong; it no longer includes what would
 * have been written.
 */
export function failed(fault: Fault, known: Partial<Outcome> = {}): Outcome {
  return {
    ...NOTHING,
    ...known,
    status: 'failed',
    resumed: false,
    bytesAfter: null,
    respelled: false,
    fault,
  };
}

/** A fault without a position in the file. */
export function faultOf(code: ErrorCode, params: ErrorParams = {}): Fault {
  const hint = errorHint(code, params) ?? '';
  return { code, offset: null, line: null, column: null, message: errorMessage(code, params), hint };
}
