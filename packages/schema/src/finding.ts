import './generated/error-codes.ts';
import {
  type ErrorCode,
  type ErrorParams,
  errorHint,
  errorKind,
  errorMessage,
  TandemError,
} from '@tandem/engine';
import type { JoinFinding } from './join/join-totals.ts';
import { shownPath } from './shown-path.ts';

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

/** Converts a finding of the join to the form used by output and reports. */
export function tellFinding(finding: JoinFinding, path: string): Finding {
  const { code, params, offset, line, column } = finding;
  return { ...codeFacts(code, params), path: shownPath(path), offset, line, column };
}

/** Converts an error about a file to a finding. */
export function findingOf(error: TandemError): Finding {
  const { code, message, path = '', offset = null, line = null, column = null, hint = null } = error;
  return { severity: 'error', code, path, offset, line, column, message, hint };
}

function codeFacts(
  code: ErrorCode,
  params: ErrorParams,
): Pick<Finding, 'severity' | 'code' | 'message' | 'hint'> {
  return {
    severity: errorKind(code) === 'warning' ? 'warning' : 'error',
    code,
    message: errorMessage(code, params),
    hint: errorHint(code, params) ?? null,
  };
}

/**
 * Throws the first error among findings as a single error that names its file, its position and its hint;
 * does nothing if there is none.
 */
export function throwFirst(findings: readonly Finding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const { code, message, path, offset, line, column, hint } = first;
  const more = errors.length === 1 ? '' : `; ${errors.length - 1} more in the report of tandem schema check`;
  throw new TandemError(code, {
    message: `${message}${more}`,
    path,
    ...(offset === null ? {} : { offset }),
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
    ...(hint === null ? {} : { hint }),
  });
}
