import { TandemError } from '@tandem/engine';

/** The place that a report was to go to cannot be written. */
export function unwritable(output: string, cause: unknown): TandemError {
  const isFolder = (cause as NodeJS.ErrnoException).code === 'EISDIR';
  return new TandemError('ERR_TANDEM_OUTPUT_UNWRITABLE', {
    path: output,
    cause,
    ...(isFolder ? { hint: 'this is a folder: name a file in it' } : {}),
  });
}
