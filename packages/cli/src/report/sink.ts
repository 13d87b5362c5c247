import { outputError } from '@tandem/files';
import { ClosedPipe, flushOut, writeOut } from '../terminal/streams.ts';

/** The destination of a report. */
export interface Sink {
  readonly isStdout: boolean;
  /** Resolves when the bytes may be overwritten. */
  write(chunk: Uint8Array | string): Promise<void>;
  /** Completes the report after everything was written. A file now gets its name. */
  finish(): Promise<void>;
  /** Discards an unfinished report. Does nothing after finish(). */
  discard(): Promise<void>;
}

/**
 * Opens the destination of a report before any work is done for it. Throws ERR_TANDEM_OUTPUT_UNWRITABLE.
 *
 * @param output a file, or '-' or undefined for stdout
 */
export async function openSink(output: string | undefined): Promise<Sink> {
  if (output === undefined || output === '-') return STDOUT;
  try {
    // Imported only here, because it loads node:fs/promises.
    const { openFileSink } = await import('./file-sink.ts');
    return await openFileSink(output);
  } catch (cause) {
    throw outputError(cause, output);
  }
}

/** A sink that ignores a closed pipe, for commands that continue when their output is no longer read. */
export function unheeded(sink: Sink): Sink {
  const quietly = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof ClosedPipe)) throw error;
    }
  };
  return {
    isStdout: sink.isStdout,
    write: (chunk) => quietly(sink.write(chunk)),
    finish: () => quietly(sink.finish()),
    discard: () => sink.discard(),
  };
}

const STDOUT: Sink = {
  isStdout: true,
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
