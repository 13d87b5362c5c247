import type { CleanupReport, CleanupTotals, ReportClosing } from '@tandem/sidecar';
import { command } from '../../command.ts';
import { required } from '../../options/option.ts';
import {
  CHANGE_REPORT,
  DRY_RUN,
  INPUT,
  LIMITS,
  MAX_SHARE,
  OPERATION_TYPE,
  SUMMARY,
} from '../../options/sidecar.ts';
import { runChanges } from '../../report/writing-run.ts';
import { withReasons } from '../../terminal/numbers.ts';
import { withFlags } from '../../terminal/option-flags.ts';

export const cleanupCommand = command({
  options: {
    input: required(INPUT),
    'dry-run': DRY_RUN,
    output: CHANGE_REPORT,
    summary: SUMMARY,
    'operation-type': OPERATION_TYPE,
    'max-share': MAX_SHARE,
    ...LIMITS,
  },
  details:
    'Moves sidecars that have no image into a quarantine below the folder; undo restores them, and purge deletes them. A file that is not certain to be an orphaned sidecar stays where it is. If there are no images at all, or too many sidecars have none, a disk may be missing, and nothing is moved.',
  examples: [
    ['photos --dry-run', 'list the sidecars that have no image'],
    ['photos', 'move them away'],
    ['photos --max-share 60', 'even if up to 60 % of the sidecars have no image'],
    ['undo photos', 'restore them'],
  ],
  async run(call) {
    const { input, 'dry-run': dryRun, 'max-share': maxShare } = call.values;
    const parent = call.title.slice(0, call.title.lastIndexOf(' '));
    const { cleanup } = await import('@tandem/sidecar/cleanup');
    return runChanges(call, {
      begin: (options) =>
        cleanup({ ...options, layout: 'json', dryRun, ...(maxShare === undefined ? {} : { maxShare }) }),
      pathOf: (row) => row.sidecar_path,
      planned: ({ status, sidecar_path, reason }) =>
        status === 'left' ? `${sidecar_path} stays: ${reason ?? 'not certain'}` : sidecar_path,
      summary: (totals, closing) => [
        `${dryRun ? 'Would remove' : 'Removed'} ${totals.moved} orphaned sidecar files`,
        ...summary(totals, closing, `${parent} undo --input ${input}`),
      ],
    });
  },
});

/** @param undo the command line that restores what was moved */
function summary(totals: CleanupTotals, closing: ReportClosing<CleanupReport>, undo: string): string[] {
  const { refusal, run } = closing;
  const left = withReasons(totals.left);
  return [
    ...(left === '0' ? [] : [`Left in place: ${left}`]),
    ...(totals.failed > 0 ? [`Failed ${totals.failed}`] : []),
    ...(refusal
      ? [
          withFlags(
            `A cleanup would be refused: ${refusal.message}${refusal.hint === null ? '' : ` (${refusal.hint})`}`,
          ),
        ]
      : []),
    ...(run === null ? [] : [`They are in the quarantine as run ${run}; '${undo}' restores them`]),
  ];
}
