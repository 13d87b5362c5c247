import type { CalibrationCase } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import { command } from '../command.ts';
import { NO_RUN } from '../options/common.ts';
import { flag } from '../options/option.ts';
import { usageError } from '../options/usage-error.ts';
import { EXIT } from '../run/exit-codes.ts';
import { say } from '../terminal/streams.ts';

/**
 * The operations with a break-even. The sidecar job has none: its runs are streams of batches, which start on
 * the native engine if it is available, because a run over many files immediately recovers the 20 us that a
 * native batch costs.
 */
const CASES: readonly CalibrationCase<unknown, unknown, NativeAddon>[] = [];

export const benchCommand = command({
  options: { calibrate: flag('measure the input size from which the native engine is faster, and save it') },
  without: [...NO_RUN, 'quiet'],
  details:
    'Measures each operation that has a break-even on both engines, and saves the result in the configuration folder, where later runs find it. To measure the speed of whole runs, use npm run bench in a checkout.',
  examples: [['--calibrate', 'once on each machine, and after an update of Node']],
  async run({ values }) {
    if (!values.calibrate) {
      throw usageError('ERR_TANDEM_BAD_OPTION', {
        option: '--calibrate',
        problem: 'is missing: bench measures both engines on this machine',
        cure: "'tandem bench --calibrate' finds the input size from which the native engine is faster",
      });
    }
    if (CASES.length === 0) {
      await say('No operation of this version has a break-even, so there is nothing to measure.\n');
      return EXIT.done;
    }
    const [
      { calibrate },
      { makeFoldersAbove, newRun, outputError, rawPath, writeAtomically },
      { tandemHost },
    ] = await Promise.all([import('@tandem/engine'), import('@tandem/files'), import('@tandem/job')]);
    const { file, text, operations } = calibrate(tandemHost(), CASES);
    try {
      makeFoldersAbove(rawPath(file));
      writeAtomically(rawPath(file), Buffer.from(text), { run: newRun().id });
    } catch (error) {
      throw outputError(error, file);
    }
    const lines = Object.entries(operations).map(([name, { breakEven }]) =>
      breakEven === null ? `${name}: TypeScript for every size` : `${name}: native from ${breakEven} bytes`,
    );
    await say(`${lines.join('\n')}\nCalibration written to: ${file}\n`);
    return EXIT.done;
  },
});
