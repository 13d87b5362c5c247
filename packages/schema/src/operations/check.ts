import { LIMITS, type RunOptions, type Selection } from '@tandem/engine';
import type { Finding } from '../finding.ts';
import { runJoin } from '../join/join-run.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

export interface CheckOptions extends RunOptions {
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
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
    digests: false,
    maxSize: options.maxSize ?? LIMITS.maxSchemaSize,
  };
  const joined = await runJoin(files, wishes, options, () => undefined);
  const { findings, selection, seconds } = joined;
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
