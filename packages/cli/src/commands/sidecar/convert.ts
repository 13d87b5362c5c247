import type { ConvertTotals, SidecarFormat } from '@tandem/sidecar';
import { command } from '../../command.ts';
import { choice, flag, required } from '../../options/option.ts';
import { CHANGE_REPORT, DRY_RUN, INPUT, LIMITS, OPERATION_TYPE, SUMMARY } from '../../options/sidecar.ts';
import { runChanges } from '../../report/writing-run.ts';
import { size, withReasons } from '../../terminal/numbers.ts';

/** The names of the formats in the older tool. Scripts read the line that contains them. */
const NAMES: Readonly<Record<SidecarFormat, string>> = { json: 'Json', bin: 'Binary', rkyv: 'Rkyv' };

export const convertCommand = command({
  options: {
    input: required(INPUT),
    format: required(
      choice(Object.keys(NAMES) as SidecarFormat[], {
        value: 'NAME',
        about: 'json; bin (sealed, converts back to the same bytes); rkyv (read without decoding)',
      }),
    ),
    'dry-run': DRY_RUN,
    keep: flag('keep the source files'),
    output: CHANGE_REPORT,
    summary: SUMMARY,
    'operation-type': OPERATION_TYPE,
    layout: choice(['legacy'], {
      value: 'NAME',
      about: 'legacy: the layout that the older tool reads, for bin and rkyv',
    }),
    durability: choice(['full', 'none'], {
      value: 'NAME',
      about: 'full, or none: faster, but a power failure may lose the files converted last',
      default: 'full',
    }),
    ...LIMITS,
  },
  details:
    'A source is removed only after the new file is on disk, has been read back and holds the same data. Existing files are never overwritten. After an interruption, run the command again: it continues.',
  examples: [
    ['photos --format bin --dry-run', 'show what would be done'],
    ['photos --format bin', 'seal all sidecars'],
    ['photos --format json --output - | jq .failed', 'back to JSON, with a report'],
    ['photos --format rkyv --keep', 'keep the sources'],
  ],
  async run(call) {
    const { input, format, keep, 'dry-run': dryRun, layout, durability = 'full' } = call.values;
    const { convert } = await import('@tandem/sidecar/convert');
    return runChanges(call, {
      begin: (options) =>
        convert({
          ...options,
          layout: 'json',
          input,
          format,
          keep,
          dryRun,
          legacyLayout: layout === 'legacy',
          durability,
        }),
      pathOf: (row) => row.file_path,
      failures: ({ failed, invalid }) => failed - invalid,
      planned: ({ status, file_path, target_path }) =>
        status === 'would_convert' ? `${file_path} -> ${target_path ?? file_path}` : null,
      summary: (totals, closing) => [
        `${dryRun ? 'Would convert' : 'Converted'} ${totals.converted} sidecar files to ${NAMES[format]}`,
        ...summary(totals, closing.seconds),
      ],
    });
  },
});

function summary(totals: ConvertTotals, seconds: number): string[] {
  const skipped = totals.items - totals.converted - totals.failed;
  return [
    ...(skipped > 0 ? [`Skipped ${withReasons(totals.skipped)}`] : []),
    ...(totals.invalid > 0 ? [`Left ${totals.invalid} invalid files unchanged ('validate' lists them)`] : []),
    ...(totals.failed > totals.invalid ? [`Failed ${totals.failed - totals.invalid}`] : []),
    ...(totals.respelled > 0
      ? [`Reformatted ${totals.respelled} (white space or the spelling of escapes was lost)`]
      : []),
    ...(totals.converted > 0
      ? [`${size(totals.bytes_before)} became ${size(totals.bytes_after)} in ${seconds.toFixed(2)} s`]
      : []),
  ];
}
