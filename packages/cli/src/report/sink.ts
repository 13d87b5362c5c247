import { outputError } from '@tandem/files';
import { ClosedPipe, flushOut, writeOut } from '../terminal/streams.ts';

/** Where the bytes of a report go. */
export interface Sink {
  /** Kept when the bytes may be written over. */
  write(chunk: Uint8Array | string): Promise<void>;
  /** All of it was written; a file now gets its name. */
  finish(): Promise<void>;
  /** Takes back what was not finished; does nothing after finish(). */
  discard(): Promise<void>;
}

/**
 * Opens the place of a report before any work is done for it; throws ERR_TANDEM_OUTPUT_UNWRITABLE.
 *
 * @param output a file, or '-' or undefined for stdout
 */
export async function openSink(output: string | undefined): Promise<Sink> {
  if (output === undefined || output === '-') return STDOUT;
  try {
    // Only here: it brings node:fs/promises with it.
    const { openFileSink } = await import('./file-sink.ts');
    return await openFileSink(output);
  } catch (cause) {
    throw outputError(cause, output);
  }
}

/** A sink for commands that go on with their work when nobody reads what they say. */
export function unheeded(sink: Sink): Sink {
  const quietly = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof ClosedPipe)) throw error;
    }
  };
  return {
    write: (chunk) => quietly(sink.write(chunk)),
    finish: () => quietly(sink.finish()),
    discard: () => sink.discard(),
  };
}

const STDOUT: Sink = {
  write: (chunk) => toStdout(writeOut(chunk)),
  finish: () => toStdout(flushOut()),
  discard: async () => undefined,
};

async function toStdout(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof ClosedPipe ? error : outputError(error, 'stdout');
  }
}
