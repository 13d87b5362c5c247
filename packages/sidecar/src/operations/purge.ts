import { TandemError } from '@tandem/engine';
import type { FileSteps } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import type { ManifestEntry } from '../store/manifest.ts';
import { runFolder } from '../store/quarantine.ts';
import { purgeStored } from '../store/restore-stored.ts';
import {
  namedRuns,
  type Outcome,
  quarantineReport,
  type UndoOptions,
  type UndoRun,
} from './quarantine-report.ts';

/** The options of a purge: one run, or all of them. */
export interface PurgeOptions extends UndoOptions {
  readonly all?: boolean | undefined;
}

/**
 * Permanently removes the files of a run, or of all runs, and nothing that their manifests do not name.
 * @throws {TandemError} as undo; ERR_TANDEM_BAD_OPTION if neither a run nor all is requested
 */
export function purge(options: PurgeOptions): Promise<UndoRun> {
  return purgeWith(options, JOB_STEPS);
}

/** Like purge, with the disk operations under the control of a test. */
export async function purgeWith(options: PurgeOptions, steps: FileSteps): Promise<UndoRun> {
  if ((options.run === undefined) === (options.all !== true)) {
    const problem = options.run === undefined ? 'is missing' : 'and the option all exclude each other';
    const params = { option: 'the run to purge', problem, cure: 'name one run, or set the option all' };
    throw new TandemError('ERR_TANDEM_BAD_OPTION', { params });
  }
  return quarantineReport(
    options,
    {
      operation: 'purge',
      verb: 'removed',
      pick: (prefix) => namedRuns(options.run, prefix),
      workerOf(prefix, run, { steps: held }) {
        const folder = runFolder(prefix, run);
        const each = (entry: ManifestEntry): Outcome => {
          const outcome = purgeStored(folder, entry, held);
          if (typeof outcome === 'object') return { status: 'failed', fault: outcome };
          if (outcome === 'missing') return null;
          return outcome === 'removed' ? { status: 'removed' } : { status: 'left', reason: outcome };
        };
        return { each, sync: () => held.syncFolder(folder) };
      },
    },
    steps,
  );
}
