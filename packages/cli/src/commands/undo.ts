import type { UndoRow, UndoTotals } from '@tandem/sidecar';
import { undo } from '@tandem/sidecar/undo';
import type { Command } from '../command.ts';
import { withReasons } from '../numbers.ts';
import { INPUT, OUTPUT, SUMMARY, TALK, TIMEOUT } from '../options.ts';
import { runChanges } from '../run-changes.ts';

export const undoCommand: Command = {
  words: [{ name: 'RUN', about: 'the run to bring back, as its cleanup named it; the latest unless given' }],
  options: {
    input: { ...INPUT, about: 'the folder that was cleaned up', required: true },
    output: {
      ...OUTPUT,
      about: "write a JSON report to FILE; '-' is stdout; a summary for people unless given",
    },
    summary: SUMMARY,
    timeout: TIMEOUT,
    ...TALK,
  },
  details:
    'A file is not put where another one has come meanwhile: it then stays in the quarantine, and the report names it.',
  examples: [
    ['--input photos', 'bring back what the latest cleanup moved'],
    ['20240501T101500Z-1a2b --input photos', 'bring back an earlier one'],
  ],
  async run(call) {
    const { input = '' } = call.values;
    return runChanges<UndoTotals, UndoRow>(call, {
      begin: (options) => undo({ ...options, layout: 'json', input, run: call.words[0] }),
      pathOf: (row) => row.sidecar_path,
      summary: ({ done, left, failed }) => [
        `Restored ${done} sidecar files`,
        ...(withReasons(left) === '0' ? [] : [`Left in the quarantine: ${withReasons(left)}`]),
        ...(failed > 0 ? [`Failed ${failed}`] : []),
      ],
    });
  },
};
