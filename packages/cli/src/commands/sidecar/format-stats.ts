import { command } from '../../command.ts';
import { FILES, INPUT, REPORT, ROW_LAYOUTS, SUMMARY } from '../../options/sidecar.ts';
import { runReport, shapeOf } from '../../report/reading-run.ts';

export const formatStatsCommand = command({
  // No --operation-type and no limits: the first bytes of a file say nothing about its operation or depth.
  options: {
    input: INPUT,
    files: FILES,
    output: REPORT,
    ...ROW_LAYOUTS,
    summary: SUMMARY,
  },
  details:
    'Reads only the first bytes of each file. A file whose content does not match its extension is listed as a finding.',
  examples: [
    ['photos', 'how many files each format has'],
    ['photos --output formats.json', 'into a file'],
    ['photos --ndjson', 'only the findings, one per line'],
  ],
  async run(call) {
    const shape = shapeOf(call);
    const { formatStatistics } = await import('@tandem/sidecar/format-statistics');
    return runReport(call, shape, {
      begin: formatStatistics,
      text: async (run) => (await import('../../sidecar/formats-text.ts')).formatsText(run, shape),
      written: (_totals, output) => `Format statistics written to: ${output}`,
    });
  },
});
