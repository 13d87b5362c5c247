import { exportSidecars } from '@tandem/sidecar/export';
import type { Command } from '../command.ts';
import { FILES, INPUT, LIMITS, OPERATION_TYPE, OUTPUT, RUN } from '../options.ts';
import { runReport } from '../run-report.ts';

export const exportCommand: Command = {
  options: {
    input: INPUT,
    files: FILES,
    output: {
      ...OUTPUT,
      about: "write the export to FILE, whole or not at all; '-' is stdout, and the default",
    },
    format: {
      value: 'NAME',
      about: 'json (one document, the default), ndjson (a row a line) or csv',
      choices: ['json', 'ndjson', 'csv'],
    },
    ndjson: { about: 'the same as --format ndjson' },
    'operation-type': OPERATION_TYPE,
    data: { about: 'add the whole document to each row; not with csv' },
    ...LIMITS,
    ...RUN,
  },
  examples: [
    ['--input photos --output sidecars.json', 'what every sidecar says, as one JSON document'],
    ['--input photos --format csv --output faces.csv --operation-type face_detection', 'for a spreadsheet'],
    ['--input photos --format ndjson --data | gzip > all.ndjson.gz', 'with the documents, for a pipe'],
  ],
  async run(call) {
    return runReport(call, {
      begin: exportSidecars,
      written: ({ items }, output) => `Exported ${items} sidecar files to: ${output}`,
    });
  },
};
