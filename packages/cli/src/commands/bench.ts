import { calibrate } from '@tandem/engine';
import { sidecarHost } from '@tandem/sidecar';
import { CALIBRATION_CASES } from '../calibration-cases.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { say } from '../streams.ts';

export const benchCommand: Command = {
  options: {
    calibrate: { about: 'measure from which size on the native engine is the faster one', required: true },
  },
  details:
    'Measures each operation that has a break-even on both engines and keeps the result in the folder for configuration, where every later run finds it. The speed of whole runs is measured in a checkout, by npm run bench.',
  examples: [['--calibrate', 'once on a machine, and after a new version of Node']],
  async run() {
    if (CALIBRATION_CASES.length === 0) {
      await say('No operation of this version has a break-even, so there is nothing to measure.\n');
      return EXIT.done;
    }
    const { file, operations } = calibrate(sidecarHost(), CALIBRATION_CASES);
    const lines = Object.entries(operations).map(([name, { breakEven }]) =>
      breakEven === null ? `${name}: TypeScript at every size` : `${name}: native from ${breakEven} bytes up`,
    );
    await say(`${lines.join('\n')}\nCalibration written to: ${file}\n`);
    return EXIT.done;
  },
};
