import { command } from '../../command.ts';
import { NO_ENGINE } from '../../options/common.ts';
import { flag, required } from '../../options/option.ts';
import { CHANGE_REPORT, CLEANED_UP, RUN_WORD, SUMMARY } from '../../options/sidecar.ts';
import { runChanges } from '../../report/writing-run.ts';
import { withReasons } from '../../terminal/numbers.ts';

export const purgeCommand = command({
  words: [{ ...RUN_WORD, about: 'the run to delete, as its cleanup named it' }],
  options: {
    input: required(CLEANED_UP),
    all: flag('all runs in the quarantine of the folder'),
    output: CHANGE_REPORT,
    summary: SUMMARY,
  },
  without: NO_ENGINE,
  details:
    'The only command that permanently deletes sidecars, and only those that a cleanup moved into the quarantine.',
  examples: [
    ['20240501T101500Z-1a2b photos', 'delete what one cleanup moved'],
    ['--all photos', 'empty the quarantine'],
  ],
  async run(call) {
    const { input, all } = call.values;
    const { purge } = await import('@tandem/sidecar/purge');
    return runChanges(call, {
      begin: (options) => purge({ ...options, layout: 'json', input, run: call.words[0], all }),
      pathOf: (row) => row.sidecar_path,
      summary: ({ done, left, failed }) => [
        `Purged ${done} sidecar files`,
        ...(withReasons(left) === '0' ? [] : [`Left in the quarantine: ${withReasons(left)}`]),
        ...(failed > 0 ? [`Failed ${failed}`] : []),
      ],
    });
  },
});
