import { OutputFile, outputError } from '@tandem/files';
import type { Sink } from './sink.ts';

/** Opens a file for a report. The file gets its name when it is complete. Throws the system error. */
export async function openFileSink(output: string): Promise<Sink> {
  const file = await OutputFile.open(output);
  const guarded = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (cause) {
      throw outputError(cause, output);
    }
  };
  return {
    isStdout: false,
    write: (chunk) => guarded(file.write(chunk)),
    finish: () => guarded(file.commit()),
    discard: () => file.discard(),
  };
}
