import type { CleanupRow, CleanupTotals, ReportClosing } from '@tandem/sidecar';
import { cleanup } from '@tandem/sidecar/cleanup';
import type { Call, Command } from '../command.ts';
import { withReasons } from '../numbers.ts';
import { DRY_RUN, INPUT, LIMITS, MAX_SHARE, OPERATION_TYPE, OUTPUT, RUN, SUMMARY } from '../options.ts';
import { runChanges } from '../run-changes.ts';

export const cleanupCommand: Command = {
  options: {
    input: { ...INPUT, required: true },
    'dry-run': DRY_RUN,
    output: {
      ...OUTPUT,
      about: "write a JSON report to FILE; '-' is stdout; a summary for people unless given",
    },
    summary: SUMMARY,
    'operation-type': OPERATION_TYPE,
    'max-share': MAX_SHARE,
    ...LIMITS,
    ...RUN,
  },
  details:
    'Sidecars without an image are moved into a quarantine below the folder; undo brings them back, and purge deletes them. What is not certain to be an orphan and a sidecar stays where it is. When there is no image at all, or too many sidecars have none, a disk may be missing, and nothing is moved.',
  examples: [
    ['--input photos --dry-run', 'which sidecars have no image'],
    ['--input photos', 'move them away'],
    ['--input photos --max-share 60', 'also when up to 60 % of them have no image'],
    ['undo --input photos', 'bring them back'],
  ],
  async run(call) {
    const { values } = call;
    return runChanges<CleanupTotals, CleanupRow>(call, {
      begin: (options) =>
        cleanup({
          ...options,
          layout: 'json',
          dryRun: values['dry-run'] ?? false,
          ...(values['max-share'] === undefined ? {} : { maxShare: values['max-share'] }),
        }),
      pathOf: (row) => row.sidecar_path,
      planned: ({ status, sidecar_path, reason }) =>
        status === 'left' ? `${sidecar_path} stays: ${reason ?? 'not certain'}` : sidecar_path,
      summary: (totals, closing) => summary(call, totals, closing),
    });
  },
};

function summary({ values, title }: Call, totals: CleanupTotals, closing: ReportClosing): string[] {
  const command = title.slice(0, title.lastIndexOf(' '));
  const refusal = closing['refusal'] as { message: string; hint: string | null } | null | undefined;
  const left = withReasons(totals.left);
  return [
    values['dry-run']
      ? `Would remove ${totals.moved} orphaned sidecar files`
      : `Removed ${totals.moved} orphaned sidecar files`,
    ...(left === '0' ? [] : [`Left where they are: ${left}`]),
    ...(totals.failed > 0 ? [`Failed ${totals.failed}`] : []),
    ...(refusal
      ? [`A cleanup would be refused: ${refusal.message}${refusal.hint === null ? '' : ` (${refusal.hint})`}`]
      : []),
    ...(typeof closing['run'] === 'string'
      ? [
          `They are in the quarantine as run ${closing['run']}; '${command} undo --input ${values.input}' brings them back`,
        ]
      : []),
  ];
}
