import {
  type ErrorCode,
  type ErrorParams,
  errorHint,
  errorKind,
  errorMessage,
  TandemError,
} from '@tandem/engine';

/** An error or a warning about one file. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode;
  /** The source file, as shown to users. */
  readonly path: string;
  /** Bytes from its start, from 0; null if the finding has no position. */
  readonly offset: number | null;
  /** From 1. */
  readonly line: number | null;
  /** From 1, in code points. */
  readonly column: number | null;
  readonly message: string;
  readonly hint: string | null;
}

/** The file of a finding, and the position in it if it has one. */
export type FindingPlace = Pick<Finding, 'path' | 'offset' | 'line' | 'column'>;

/** A finding with the texts of its code; it is a warning if the code is of that kind. */
export function findingAt(
  { path, offset, line, column }: FindingPlace,
  code: ErrorCode,
  params: ErrorParams,
): Finding {
  const severity = errorKind(code) === 'warning' ? 'warning' : 'error';
  const [message, hint] = [errorMessage(code, params), errorHint(code, params) ?? null];
  return { severity, code, path, offset, line, column, message, hint };
}

/** Converts an error about a file to a finding. */
export function findingOf(error: TandemError): Finding {
  const { code, message, path = '', offset = null, line = null, column = null, hint = null } = error;
  return { severity: 'error', code, path, offset, line, column, message, hint };
}

/**
 * Throws the first error among findings as a single error that names its file, its position and its hint;
 * does nothing if there is none.
 * @param command the command that reports all of them
 */
export function throwFirst(findings: readonly Finding[], command: string): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const { code, message, path, offset, line, column, hint } = first;
  const more = errors.length === 1 ? '' : `; ${errors.length - 1} more in the report of ${command}`;
  throw new TandemError(code, {
    message: `${message}${more}`,
    path,
    ...(offset === null ? {} : { offset }),
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
    ...(hint === null ? {} : { hint }),
  });
}
