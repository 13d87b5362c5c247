import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { TandemError } from '@tandem/engine';
import type { Finding } from '@tandem/job';
import { withFlags } from '../terminal/option-flags.ts';
import { printable, say, tell } from '../terminal/streams.ts';

/** The contents of an annotation. `path` is in the form shown to users, or null if no file is involved. */
type Annotated = Pick<Finding, 'severity' | 'code' | 'message' | 'line' | 'column' | 'hint'> & {
  readonly path: string | null;
};

/** The options that determine whether annotations are written, and to which stream. */
export interface AnnotationValues {
  readonly format: string | undefined;
  readonly output?: string | undefined;
}

/** Whether findings and errors are written as annotations of GitHub Actions. */
export function wantsAnnotations({ format }: AnnotationValues): boolean {
  return format === 'github';
}

/** Writes annotations to stdout, or to stderr if stdout carries a schema: GitHub reads both streams. */
export async function annotate({ output }: AnnotationValues, annotated: readonly Annotated[]): Promise<void> {
  const text = annotated.map((each) => `${annotation(each)}\n`).join('');
  if (output === '-') tell(text);
  else await say(text);
}

/**
 * The error that ended a run, as a finding in the file that the error names. Null for other errors and for an
 * interrupt.
 */
export function annotatedError(error: unknown): Annotated | null {
  if (!TandemError.isTandemError(error) || error.code === 'ERR_TANDEM_ABORTED') return null;
  const { code, message, path = '', line = null, column = null, hint = null } = error;
  return { severity: 'error', code, message, path: path === '' ? null : path, line, column, hint };
}

/**
 * Formats a workflow command. Values and messages are escaped differently:
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotation({ severity, path, line, column, code, message, hint }: Annotated): string {
  const file = path === null ? [] : [`file=${value(pathInRepository(path))}`];
  const place = path === null || line === null ? [] : [`line=${line}`, `col=${column ?? 1}`];
  const properties = [...file, ...place, `title=${value(code)}`].join(',');
  return `::${severity} ${properties}::${data(withFlags(`${message}${hint === null ? '' : ` (${hint})`}`))}`;
}

/**
 * GitHub reads a path as relative to GITHUB_WORKSPACE, whatever the working folder of the step is
 * (https://github.com/actions/runner, ActionCommandManager.cs). Without that variable, the path is relative
 * to the working folder.
 */
function pathInRepository(path: string): string {
  const whole = resolve(path);
  const roots = [process.env['GITHUB_WORKSPACE'] || process.cwd()];
  try {
    roots.push(realpathSync(roots[0] as string));
  } catch {
    // A workspace that does not exist has no real path.
  }
  const below = roots.map((root) => relative(root, whole)).find((each) => !isOutside(each));
  return (below ?? path).split(sep).join('/');
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function value(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function data(text: string): string {
  return printable(text).replaceAll('%', '%25');
}
