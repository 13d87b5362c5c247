import { command } from '../../command.ts';
import { NO_ENGINE } from '../../options/common.ts';
import { required } from '../../options/option.ts';
import { CHANGE_REPORT, CLEANED_UP, RUN_WORD, SUMMARY } from '../../options/sidecar.ts';
import { runChanges } from '../../report/writing-run.ts';
import { withReasons } from '../../terminal/numbers.ts';

export const undoCommand = command({
  words: [{ ...RUN_WORD, about: 'the run to restore, as its cleanup named it [default: the latest]' }],
  options: { input: required(CLEANED_UP), output: CHANGE_REPORT, summary: SUMMARY },
  without: NO_ENGINE,
  details:
    'If another file has taken the place of a file in the meantime, that one stays in the quarantine, and the report lists it.',
  examples: [
    ['photos', 'restore what the latest cleanup moved'],
    ['20240501T101500Z-1a2b photos', 'restore what an earlier one moved'],
  ],
  async run(call) {
    const { input } = call.values;
    const { undo } = await import('@tandem/sidecar/undo');
    return runChanges(call, {
      begin: (options) => undo({ ...options, layout: 'json', input, run: call.words[0] }),
      pathOf: (row) => row.sidecar_path,
      summary: ({ done, left, failed }) => [
        `Restored ${done} sidecar files`,
        ...(withReasons(left) === '0' ? [] : [`Left in the quarantine: ${withReasons(left)}`]),
        ...(failed > 0 ? [`Failed ${failed}`] : []),
      ],
    });
  },
});
