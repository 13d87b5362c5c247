import { isatty } from 'node:tty';

/** The reader of stdout closed the pipe. For a command that only reads, that is a success. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

let stdoutError: NodeJS.ErrnoException | null = null;
let listening = false;

/** Writes to stdout and waits until the bytes may be overwritten. Throws ClosedPipe if the reader closed the pipe. */
export async function writeOut(chunk: Uint8Array | string): Promise<void> {
  listen();
  if (stdoutError !== null) throw outcome(stdoutError);
  // Asynchronous for pipes on POSIX, so a signal is heard while a reader is stuck; and it copes with a pipe that
  // another process has made non-blocking, where fs.write gives EAGAIN.
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(chunk, (error) => (error ? reject(outcome(error)) : resolve()));
  });
}

/** Waits until everything is written. Throws as writeOut does. */
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

/** Text for stderr. */
export function tell(text: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(text);
}

/** Whether the descriptor is a terminal. */
export function isTerminal(descriptor: 1 | 2): boolean {
  return isatty(descriptor);
}

/** A name or message on one line and without control of the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
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
