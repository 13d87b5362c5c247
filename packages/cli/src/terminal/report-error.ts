import { causeChain, type ErrorCode, errorKind, TandemError } from '@tandem/engine';
import { EXIT, type ExitCode } from '../run/exit-codes.ts';
import { styled } from './color.ts';
import { withFlags } from './option-flags.ts';
import { printable, tell } from './streams.ts';
import { windowsPathHint } from './windows-path.ts';

/** Reports what went wrong and how to fix it, on one line of stderr; the causes follow with --verbose. */
export function reportError(title: string, error: unknown, verbose: boolean): ExitCode {
  const known = TandemError.isTandemError(error);
  tellError(title, error);
  if (verbose) {
    if (known) tell(`  ${error.code}, see docs/errors.md\n`);
    for (const cause of causeChain(known ? error.cause : error)) tell(`  because: ${printable(cause)}\n`);
    if (!known && error instanceof Error && error.stack !== undefined) tell(`${error.stack}\n`);
  }
  return known ? exitCodeOf(error.code) : EXIT.notDone;
}

/** `title: path:line:column: message (cure)` on stderr. */
export function tellError(title: string, error: unknown): void {
  const { place, message, hint } = partsOf(error);
  tell(`${title}: ${styled(2, 'bold', place)}${styled(2, 'red', message)}${hint}\n`);
}

/** `path:line:column: message (cure)`, with the parts of the place that are known. */
export function errorLine(error: unknown): string {
  const { place, message, hint } = partsOf(error);
  return `${place}${message}${hint}`;
}

interface Parts {
  readonly place: string;
  readonly message: string;
  readonly hint: string;
}

function partsOf(error: unknown): Parts {
  if (!TandemError.isTandemError(error)) {
    const text = error instanceof Error ? error.message || error.name : String(error);
    return { place: '', message: printable(text), hint: ' (use --verbose for details)' };
  }
  const { path, line, column = 1, message } = error;
  const at = line === undefined ? '' : `:${line}:${column}`;
  const hint = (path === undefined ? null : windowsPathHint(path)) ?? error.hint;
  return {
    place: path === undefined ? '' : printable(`${path}${at}: `),
    message: printable(withFlags(message)),
    hint: hint === undefined ? '' : printable(withFlags(` (${hint})`)),
  };
}

function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'ERR_TANDEM_ABORTED') return EXIT.interrupted;
  return errorKind(code) === 'usage' ? EXIT.usage : EXIT.notDone;
}
