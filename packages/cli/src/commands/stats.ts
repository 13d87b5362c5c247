import { statistics } from '@tandem/sidecar/statistics';
import type { Command } from '../command.ts';
import { FILES, INPUT, LIMITS, OPERATION_TYPE, OUTPUT, ROW_LAYOUTS, RUN, SUMMARY } from '../options.ts';
import { runReport } from '../run-report.ts';

export const statsCommand: Command = {
  options: {
    input: INPUT,
    files: FILES,
    output: OUTPUT,
    'operation-type': OPERATION_TYPE,
    ...ROW_LAYOUTS,
    summary: SUMMARY,
    ...LIMITS,
    ...RUN,
  },
  examples: [
    ['--input photos --summary', 'totals only: coverage, counts and averages by operation'],
    ['--input photos --output stats.json', 'with every sidecar and its image, into a file'],
    ['--input photos --summary | jq .coverage_percentage', 'one number'],
  ],
  async run(call) {
    return runReport(call, {
      begin: statistics,
      written: (_totals, output) => `Statistics written to: ${output}`,
    });
  },
};
