import { formatStatistics } from '@tandem/sidecar/format-statistics';
import type { Command } from '../command.ts';
import { FILES, INPUT, OUTPUT, ROW_LAYOUTS, RUN, SUMMARY } from '../options.ts';
import { runReport } from '../run-report.ts';

export const formatStatsCommand: Command = {
  // No --operation-type and no limits: a file's first bytes tell neither its operation nor its depth.
  options: {
    input: INPUT,
    files: FILES,
    output: OUTPUT,
    ...ROW_LAYOUTS,
    summary: SUMMARY,
    ...RUN,
  },
  details:
    'Only the first bytes of each file are looked at. A file that is not what its extension says is named as a finding.',
  examples: [
    ['--input photos', 'how many are json, bin and rkyv'],
    ['--input photos --output formats.json', 'into a file'],
    ['--input photos --ndjson', 'only the findings, a line each'],
  ],
  async run(call) {
    return runReport(call, {
      begin: formatStatistics,
      written: (_totals, output) => `Format statistics written to: ${output}`,
    });
  },
};
