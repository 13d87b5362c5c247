import { LIMITS, type RunOptions, type Selection, TandemError } from '@tandem/engine';
import type { Finding } from '../finding.ts';
import { runJoin } from '../join/join-run.ts';
import { neededOrder } from '../order/needed-order.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { parseCheck } from './parse-check.ts';

export interface CheckOptions extends RunOptions {
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
  /** Ask PostgreSQL's own parser too (libpg-query), which takes about 0.2 ms a file of 2 kB: syntax, and objects created twice. */
  readonly parse?: boolean;
}

/** What a check found. */
export interface CheckReport {
  readonly files: number;
  /** That were read. */
  readonly bytes: number;
  readonly errors: number;
  readonly warnings: number;
  /** By file in the order of the build, and then by place. */
  readonly findings: readonly Finding[];
  /** The engine that looked into them. */
  readonly selection: Selection;
  readonly seconds: number;
}

/** Looks into every file, without a database: UTF-8, and SQL as PostgreSQL and psql cut it into tokens (spec/schema/lexer.md). */
export async function checkSelected(
  files: readonly SelectedFile[],
  options: CheckOptions = {},
): Promise<CheckReport> {
  const wishes = {
    pieces: [],
    text: true,
    lex: true,
    lines: false,
    digests: false,
    maxSize: options.maxSize ?? LIMITS.maxSchemaSize,
  };
  const joined = await runJoin(files, wishes, options, () => undefined);
  const { selection, seconds } = joined;
  const findings = [...joined.findings, ...needFindings(files, joined.needs)];
  // What is open says enough; the parser would stumble over it again.
  if (options.parse && !findings.some(({ severity }) => severity === 'error')) {
    findings.push(...(await parseCheck(files, options.signal)));
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const bytes = joined.files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    files: files.length,
    bytes,
    errors,
    warnings: findings.length - errors,
    findings,
    selection,
    seconds,
  };
}

/** What does not let the files be ordered; the order itself is the build's. */
function needFindings(files: readonly SelectedFile[], needs: readonly number[]): Finding[] {
  try {
    neededOrder(files, needs);
    return [];
  } catch (error) {
    if (!TandemError.isTandemError(error)) throw error;
    const { code, message, path = '', offset = null, line = null, column = null, hint = null } = error;
    return [{ severity: 'error', code, path, offset, line, column, message, hint }];
  }
}
