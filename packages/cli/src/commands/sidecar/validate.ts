import { command } from '../../command.ts';
import { choice, flag } from '../../options/option.ts';
import { FILES, INPUT, LIMITS, OPERATION_TYPE, REPORT, ROW_LAYOUTS, SUMMARY } from '../../options/sidecar.ts';
import { runReport, shapeOf } from '../../report/reading-run.ts';

export const validateCommand = command({
  options: {
    input: INPUT,
    files: FILES,
    output: REPORT,
    'operation-type': OPERATION_TYPE,
    ...ROW_LAYOUTS,
    summary: SUMMARY,
    lint: flag('also report what is valid but suspicious, such as a duplicate key'),
    'fail-on': choice(['invalid'], {
      value: 'WHAT',
      about: 'invalid: end with status 1 if a file is not valid',
    }),
    ...LIMITS,
  },
  examples: [
    ['photos', 'check all sidecars, with the report on stdout'],
    ['photos --output report.json --operation-type face_detection', 'one operation, into a file'],
    ['photos --ndjson --quiet | jq -c "select(.is_valid | not)"', 'a row per line, for a pipe'],
    ['--files - --fail-on invalid < changed.txt', 'the files of a list, as a check in CI'],
  ],
  async run(call) {
    const { lint, 'fail-on': failOn } = call.values;
    const shape = shapeOf(call);
    const { validate } = await import('@tandem/sidecar/validate');
    return runReport(call, shape, {
      begin: (options) => validate({ ...options, lint }),
      text: async (run) => (await import('../../sidecar/validation-text.ts')).validationText(run, shape),
      written: (_totals, output) => `Validation results written to: ${output}`,
      failed: ({ invalid, unreadable }) => failOn === 'invalid' && invalid + unreadable > 0,
    });
  },
});
