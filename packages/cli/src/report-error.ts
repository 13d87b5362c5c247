import { causeChain, ERROR_CODES, type ErrorCode, TandemError } from '@tandem/engine';
import { annotate, annotatedError, wantsAnnotations } from './annotation.ts';
import type { OptionValues } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable, tell } from './streams.ts';

/**
 * Tells what went wrong and how to cure it, on one line of stderr; what lies behind it follows with --verbose. With --format github it is
 * an annotation, too.
 * @param values as far as they were understood
 */
export async function reportError(
  title: string,
  error: unknown,
  verbose: boolean,
  values: OptionValues,
): Promise<ExitCode> {
  const known = TandemError.isTandemError(error);
  tell(`${title}: ${errorLine(error)}\n`);
  if (verbose) {
    if (known) tell(`  ${error.code}, see docs/errors.md\n`);
    for (const cause of causeChain(known ? error.cause : error)) tell(`  because: ${printable(cause)}\n`);
    if (!known && error instanceof Error && error.stack !== undefined) tell(`${error.stack}\n`);
  }
  const annotated = wantsAnnotations(values) ? annotatedError(error) : null;
  if (annotated !== null) await annotate(values, [annotated]);
  return known ? exitCodeOf(error.code) : EXIT.notDone;
}

/** `path:line:column: message (cure)`, as far as a place is known. */
export function errorLine(error: unknown): string {
  if (!TandemError.isTandemError(error)) {
    const text = error instanceof Error ? error.message || error.name : String(error);
    return printable(`${text} (--verbose tells more)`);
  }
  const place = error.line === undefined ? '' : `:${error.line}:${error.column ?? 1}`;
  const path = error.path === undefined ? '' : `${error.path}${place}: `;
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  return printable(`${path}${error.message}${hint}`);
}

function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'ERR_TANDEM_ABORTED') return EXIT.interrupted;
  return ERROR_CODES[code].kind === 'usage' ? EXIT.usage : EXIT.notDone;
}
