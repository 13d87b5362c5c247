import { type FileSteps, rootPrefix } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import { isEmptyRun, runFolder, runsOf } from '../store/quarantine.ts';
import { StoredFiles } from '../store/restore-stored.ts';
import { namedRuns, quarantineReport, type UndoOptions, type UndoRun } from './quarantine-report.ts';
import { checkInput } from './scan-request.ts';

/**
 * Restores the files of a run from the quarantine, never over an existing file: spec/sidecar/cleanup.md,
 * "Undo". Files are moved while the report is read, which must be read to its end. If no run is named and
 * none exists, the report is empty.
 * @throws {TandemError} what validate throws for a folder; ERR_TANDEM_LOCKED; ERR_TANDEM_NO_SUCH_RUN
 */
export function undo(options: UndoOptions): Promise<UndoRun> {
  return undoWith(options, JOB_STEPS);
}

/** The runs in the quarantine of a folder, the latest first. */
export function quarantinedRuns(input: string): string[] {
  return runsOf(rootPrefix(checkInput({ input }).root));
}

/** Like undo, with the disk operations under the control of a test. */
export async function undoWith(options: UndoOptions, steps: FileSteps): Promise<UndoRun> {
  return quarantineReport(
    options,
    {
      operation: 'undo',
      verb: 'restored',
      pick(prefix) {
        if (options.run !== undefined) return namedRuns(options.run, prefix);
        // An interrupted run that moved no file has nothing to restore.
        return runsOf(prefix)
          .filter((run) => !isEmptyRun(prefix, run))
          .slice(0, 1);
      },
      workerOf(prefix, run, folders) {
        const files = new StoredFiles(prefix, runFolder(prefix, run), folders);
        return { each: (entry, wasMoved) => files.restore(entry, wasMoved), sync: () => files.sync() };
      },
    },
    steps,
  );
}
