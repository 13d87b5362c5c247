import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

/** The reader of stdout closed the pipe. For a command that only reads, that is a success. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

let stdoutError: NodeJS.ErrnoException | null = null;
let listening = false;

/**
 * Writes to stdout and waits until the bytes may be overwritten. Throws ClosedPipe if the reader closed the
 * pipe.
 */
export async function writeOut(chunk: Uint8Array | string): Promise<void> {
  listen();
  if (stdoutError !== null) throw outcome(stdoutError);
  // process.stdout is asynchronous for pipes on POSIX, so signals are handled while the reader is stuck. It
  // also handles a pipe that another process has made non-blocking, for which fs.write fails with EAGAIN.
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(chunk, (error) => (error ? reject(outcome(error)) : resolve()));
  });
}

/** Waits until everything is written. Throws the same errors as writeOut. */
export async function flushOut(): Promise<void> {
  listen();
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  if (stdoutError !== null) throw outcome(stdoutError);
}

/** Writes text to stdout; a closed pipe is not an error. */
export async function say(text: string): Promise<void> {
  try {
    await writeOut(text);
    await flushOut();
  } catch (error) {
    if (!(error instanceof ClosedPipe)) throw error;
  }
}

/** Writes text to stderr. */
export function tell(text: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(text);
}

/** Whether the descriptor is a terminal. */
export function isTerminal(descriptor: 1 | 2): boolean {
  return isatty(descriptor);
}

/** Whether stdout may appear on the terminal: it is one, or it is a pipe, whose reader may print there. */
export function reachesTerminal(): boolean {
  if (isTerminal(1)) return true;
  try {
    const stdout = fstatSync(1);
    return stdout.isFIFO() || stdout.isSocket();
  } catch {
    // It is closed.
    return false;
  }
}

/** Returns a name or message as one line, with control characters escaped. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression matches control characters
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    stdoutError ??= error;
  });
}

function outcome(error: NodeJS.ErrnoException): Error {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? new ClosedPipe() : error;
}
