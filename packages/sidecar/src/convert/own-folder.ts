import { type ErrorCode, TandemError } from '@tandem/engine';
import { type Fault, type FolderLocks, writeErrorCode } from '@tandem/files';
import { type Conversion, known } from './conversion.ts';
import { failed, faultOf } from './outcome.ts';

/**
 * Takes the lock of a conversion's folder; if another run has it, or it cannot be taken, the row becomes a
 * failure.
 */
export function ownFolder(
  locks: FolderLocks | null,
  { folder, entry }: Pick<Conversion, 'folder' | 'entry'>,
): boolean {
  let fault: Fault;
  try {
    const locked = locks?.enter(folder) ?? null;
    if (locked === null) return true;
    fault = faultOf('ERR_TANDEM_LOCKED', locked);
  } catch (error) {
    const code = folderCode(error);
    if (code === null) throw error;
    fault = faultOf(code);
  }
  entry.outcome = failed(fault, known(entry.outcome));
  return false;
}

/**
 * The error code, in the rows of its files, of a folder that cannot be locked; null for an error that ends
 * the run.
 */
function folderCode(error: unknown): ErrorCode | null {
  if (!(error instanceof TandemError) || error.code === 'ERR_TANDEM_LOCK_LOST') return null;
  return writeErrorCode(error.cause);
}
