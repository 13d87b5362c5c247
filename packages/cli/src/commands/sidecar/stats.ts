import { command } from '../../command.ts';
import { FILES, INPUT, LIMITS, OPERATION_TYPE, REPORT, ROW_LAYOUTS, SUMMARY } from '../../options/sidecar.ts';
import { runReport, shapeOf } from '../../report/reading-run.ts';

export const statsCommand = command({
  options: {
    input: INPUT,
    files: FILES,
    output: REPORT,
    'operation-type': OPERATION_TYPE,
    ...ROW_LAYOUTS,
    summary: SUMMARY,
    ...LIMITS,
  },
  examples: [
    ['photos --summary', 'totals only: coverage, counts and averages by operation'],
    ['photos --output stats.json', 'with every sidecar and its image, into a file'],
    ['photos --summary | jq .coverage_percentage', 'one number'],
  ],
  async run(call) {
    const shape = shapeOf(call);
    const { statistics } = await import('@tandem/sidecar/statistics');
    return runReport(call, shape, {
      begin: statistics,
      text: async (run) => (await import('../../sidecar/statistics-text.ts')).statisticsText(run),
      written: (_totals, output) => `Statistics written to: ${output}`,
    });
  },
});
