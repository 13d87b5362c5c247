import { validate } from '@tandem/sidecar/validate';
import type { Command } from '../command.ts';
import { FILES, INPUT, LIMITS, OPERATION_TYPE, OUTPUT, ROW_LAYOUTS, RUN, SUMMARY } from '../options.ts';
import { runReport } from '../run-report.ts';

export const validateCommand: Command = {
  options: {
    input: INPUT,
    files: FILES,
    output: OUTPUT,
    'operation-type': OPERATION_TYPE,
    ...ROW_LAYOUTS,
    summary: SUMMARY,
    lint: { about: 'name what is legal and yet suspicious, such as a key given twice' },
    'fail-on': {
      value: 'WHAT',
      about: 'invalid: end with status 1 if a file is not valid',
      choices: ['invalid'],
    },
    ...LIMITS,
    ...RUN,
  },
  examples: [
    ['--input photos', 'check all sidecars, the report on stdout'],
    ['--input photos --output report.json --operation-type face_detection', 'one operation, into a file'],
    ['--input photos --ndjson --quiet | jq -c "select(.is_valid | not)"', 'a row a line, for a pipe'],
    ['--files - --fail-on invalid < changed.txt', 'the files of a list, as a check in CI'],
  ],
  async run(call) {
    const failOnInvalid = call.values['fail-on'] === 'invalid';
    return runReport(call, {
      begin: validate,
      written: (_totals, output) => `Validation results written to: ${output}`,
      failed: ({ invalid, unreadable }) => failOnInvalid && invalid + unreadable > 0,
    });
  },
};
