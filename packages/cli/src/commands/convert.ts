import type { ConvertRow, ConvertTotals, SidecarFormat } from '@tandem/sidecar';
import { convert } from '@tandem/sidecar/convert';
import type { Call, Command } from '../command.ts';
import { size, withReasons } from '../numbers.ts';
import { DRY_RUN, INPUT, LIMITS, OPERATION_TYPE, OUTPUT, RUN, SUMMARY } from '../options.ts';
import { runChanges } from '../run-changes.ts';

/** As the older tool names them; scripts read the line. */
const NAMES: Readonly<Record<string, string>> = { json: 'Json', bin: 'Binary', rkyv: 'Rkyv' };

export const convertCommand: Command = {
  options: {
    input: { ...INPUT, required: true },
    format: {
      value: 'NAME',
      about: 'json; bin (sealed, gives the same bytes back); rkyv (read without decoding)',
      required: true,
      choices: ['json', 'bin', 'rkyv'],
    },
    'dry-run': DRY_RUN,
    keep: { about: 'leave the sources where they are' },
    output: {
      ...OUTPUT,
      about: "write a JSON report to FILE; '-' is stdout; a summary for people unless given",
    },
    summary: SUMMARY,
    'operation-type': OPERATION_TYPE,
    layout: {
      value: 'NAME',
      about: 'legacy: the form that the older tool reads, in .bin or .rkyv',
      choices: ['legacy'],
    },
    durability: {
      value: 'NAME',
      about: 'full (the default), or none: faster, and a power failure may lose what was just converted',
      choices: ['full', 'none'],
    },
    ...LIMITS,
    ...RUN,
  },
  details:
    'A source is removed once what replaces it is on the disk, was read back and says the same. What is there already is never overwritten. After an interruption, run it again: it goes on.',
  examples: [
    ['--input photos --format bin --dry-run', 'what would be done'],
    ['--input photos --format bin', 'seal all sidecars'],
    ['--input photos --format json --output - | jq .failed', 'back to JSON, with a report'],
    ['--input photos --format rkyv --keep', 'beside the sources'],
  ],
  async run(call) {
    const { values } = call;
    return runChanges<ConvertTotals, ConvertRow>(call, {
      begin: (options) =>
        convert({
          ...options,
          layout: 'json',
          input: values.input ?? '',
          format: values.format as SidecarFormat,
          keep: values.keep ?? false,
          dryRun: values['dry-run'] ?? false,
          legacyLayout: values.layout === 'legacy',
          durability: values.durability ?? 'full',
        }),
      pathOf: (row) => row.file_path,
      failures: ({ failed, invalid }) => failed - invalid,
      planned: ({ status, file_path, target_path }) =>
        status === 'would_convert' ? `${file_path} -> ${target_path ?? file_path}` : null,
      summary: (totals, closing) => summary(call, totals, Number(closing['seconds'])),
    });
  },
};

function summary({ values }: Call, totals: ConvertTotals, seconds: number): string[] {
  const done = values['dry-run'] ? 'Would convert' : 'Converted';
  const name = NAMES[values.format ?? ''] ?? values.format;
  const skipped = totals.items - totals.converted - totals.failed;
  return [
    `${done} ${totals.converted} sidecar files to ${name}`,
    ...(skipped > 0 ? [`Skipped ${withReasons(totals.skipped)}`] : []),
    ...(totals.invalid > 0
      ? [`Left ${totals.invalid} broken files as they are ('validate' names them)`]
      : []),
    ...(totals.failed > totals.invalid ? [`Failed ${totals.failed - totals.invalid}`] : []),
    ...(totals.respelled > 0
      ? [`Respelled ${totals.respelled} (white space or the spelling of escapes was lost)`]
      : []),
    ...(totals.converted > 0
      ? [`${size(totals.bytes_before)} became ${size(totals.bytes_after)} in ${seconds.toFixed(2)} s`]
      : []),
  ];
}
