import { command } from '../../command.ts';
import { choice, flag } from '../../options/option.ts';
import { FILES, INPUT, LIMITS, OPERATION_TYPE, REPORT, ROW_LAYOUTS } from '../../options/sidecar.ts';
import { runReport, shapeOf } from '../../report/reading-run.ts';

export const exportCommand = command({
  options: {
    input: INPUT,
    files: FILES,
    output: { ...REPORT, about: "write the export to FILE, complete or not at all; '-' is stdout" },
    format: choice(['json', 'ndjson', 'csv'], {
      value: 'NAME',
      about: 'json (one document), ndjson (a row per line) or csv',
      default: 'json; a text on a terminal',
    }),
    ndjson: ROW_LAYOUTS.ndjson,
    'operation-type': OPERATION_TYPE,
    data: flag('add the whole document to each row; not with csv'),
    ...LIMITS,
  },
  examples: [
    ['photos --output sidecars.json', 'the contents of every sidecar, as one JSON document'],
    ['photos --format csv --output faces.csv --operation-type face_detection', 'for a spreadsheet'],
    ['photos --format ndjson --data | gzip > all.ndjson.gz', 'with the documents, for a pipe'],
  ],
  async run(call) {
    const { data } = call.values;
    const shape = shapeOf(call);
    const { exportSidecars } = await import('@tandem/sidecar/export');
    return runReport(call, shape, {
      begin: (options) => exportSidecars({ ...options, withDocument: data }),
      text: async (run) => (await import('../../sidecar/export-text.ts')).exportText(run),
      written: ({ items }, output) => `Exported ${items} sidecar files to: ${output}`,
    });
  },
});
