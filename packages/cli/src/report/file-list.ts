import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { badOption, usageError } from '../options/usage-error.ts';
import { windowsPathHint } from '../terminal/windows-path.ts';

const NUL = 0;
const LF = 10;
const CR = 13;

/** The names in `--files LIST`, as raw bytes: NUL-separated if the list contains a NUL, else one per line. */
export async function readFileList(list: string, signal: AbortSignal): Promise<readonly Buffer[]> {
  return splitNames(list === '-' ? await readStdin(signal) : await readList(list));
}

/** Splits a list into names. Empty names are left out, so a separator at the end is harmless. */
export function splitNames(bytes: Buffer): readonly Buffer[] {
  const lines = !bytes.includes(NUL);
  const separator = lines ? LF : NUL;
  // On Windows a line ends with CR LF, and no name ends with CR. On other systems a name may.
  const trim = lines && process.platform === 'win32';
  const names: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(separator, start);
    const end = found === -1 ? bytes.length : found;
    const stop = trim && bytes[end - 1] === CR ? end - 1 : end;
    if (stop > start) names.push(bytes.subarray(start, stop));
    start = end + 1;
  }
  return names;
}

async function readStdin(signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    // A user who has begun to type the list must be able to interrupt the command.
    for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(chunk as Buffer);
  } catch (error) {
    if (signal.aborted) throw usageError('ERR_TANDEM_ABORTED', {});
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw badOption("--files '-'", `cannot be read: ${code}`, 'pass the list on stdin, or name a file');
  }
  return Buffer.concat(chunks);
}

async function readList(list: string): Promise<Buffer> {
  try {
    return await readFile(list);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw badOption(
      `--files '${list}'`,
      `cannot be read: ${code}`,
      windowsPathHint(list) ?? "name a file that contains a list, or '-' for stdin",
    );
  }
}
