import type { ScanFault } from '@tandem/json';
import './generated/error-codes.ts';
import { type ErrorCode, errorHint, errorMessage } from '@tandem/engine';
import { type Fault, placeOf } from '@tandem/files';

/**
 * A fault in a file before its message is written: the code, the position and the parameters of the template.
 */
export interface FileFault {
  readonly code: ErrorCode;
  /** Bytes from the start of the file, or null. */
  readonly offset: number | null;
  readonly params?: Readonly<Record<string, string | number>>;
  /** The start of the JSON text that contains `offset`: line and column can then be determined. */
  readonly textStart?: number;
}

/** Whether a format's reader returned a fault instead of a result. */
export function isFault<T extends object | number>(result: T | FileFault): result is FileFault {
  return typeof result === 'object' && 'code' in result;
}

/** A fault in JSON text that begins at `start` in its file. */
export function textFault(fault: ScanFault, start: number): FileFault {
  const params: Record<string, string | number> = {};
  if (fault.expected !== undefined) params['expected'] = fault.expected;
  if (fault.found !== undefined) params['found'] = fault.found;
  if (fault.limit !== undefined) params['limit'] = fault.limit;
  const place = { code: fault.code, offset: start + fault.offset, params };
  return fault.code === 'ERR_TANDEM_EMPTY_FILE' ? place : { ...place, textStart: start };
}

/** The fault with its message, its cure and, if it is in text, its line and column. */
export function tellFault(fault: FileFault, bytes: Uint8Array): Fault {
  const message = errorMessage(fault.code, fault.params);
  const hint = errorHint(fault.code, fault.params) ?? '';
  const place =
    fault.textStart === undefined || fault.offset === null
      ? null
      : placeOf(bytes, fault.textStart, fault.offset);
  return {
    code: fault.code,
    offset: fault.offset,
    line: place?.line ?? null,
    column: place?.column ?? null,
    message,
    hint,
  };
}
