import type { CallOperation } from '@tandem/engine';
import { type AdvisoryLock, type FileStep, FileSteps } from '@tandem/files';
import type { NativeAddon } from '@tandem/native';
import { tandemHost } from './host.ts';

const lockFileOperation: CallOperation<number, boolean | null, NativeAddon> = {
  name: 'files.lock',
  native: (addon, fd) => addon.lockFile(fd),
  typescript: () => null,
  size: () => 0,
  breakEven: 0,
};

/** The addon's call, if the addon is loaded. */
export const advisoryLock: AdvisoryLock = (fd) => {
  try {
    return tandemHost().call(lockFileOperation, fd);
  } catch {
    // The operation itself will report what is wrong with the engine; locks work without it.
    return null;
  }
};

/** Steps whose locks use the addon's call. The parameters are those of FileSteps. */
export function jobSteps(before?: (step: FileStep) => void, after?: (step: FileStep) => void): FileSteps {
  return new FileSteps(before, after, advisoryLock);
}

/** The steps of a run without a check or a test. */
export const JOB_STEPS: FileSteps = jobSteps();
