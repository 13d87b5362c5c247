import type { UndoRow, UndoTotals } from '@tandem/sidecar';
import { purge } from '@tandem/sidecar/purge';
import type { Command } from '../command.ts';
import { withReasons } from '../numbers.ts';
import { INPUT, OUTPUT, SUMMARY, TALK, TIMEOUT } from '../options.ts';
import { runChanges } from '../run-changes.ts';

export const purgeCommand: Command = {
  words: [{ name: 'RUN', about: 'the run to delete, as its cleanup named it' }],
  options: {
    input: { ...INPUT, about: 'the folder that was cleaned up', required: true },
    all: { about: 'all runs in the quarantine of that folder' },
    output: {
      ...OUTPUT,
      about: "write a JSON report to FILE; '-' is stdout; a summary for people unless given",
    },
    summary: SUMMARY,
    timeout: TIMEOUT,
    ...TALK,
  },
  details: 'The one command that deletes sidecars for good, and only what a cleanup put into the quarantine.',
  examples: [
    ['20240501T101500Z-1a2b --input photos', 'delete what one cleanup moved'],
    ['--all --input photos', 'empty the quarantine'],
  ],
  async run(call) {
    const { input = '', all } = call.values;
    return runChanges<UndoTotals, UndoRow>(call, {
      begin: (options) => purge({ ...options, layout: 'json', input, run: call.words[0], all }),
      pathOf: (row) => row.sidecar_path,
      summary: ({ done, left, failed }) => [
        `Purged ${done} sidecar files`,
        ...(withReasons(left) === '0' ? [] : [`Left in the quarantine: ${withReasons(left)}`]),
        ...(failed > 0 ? [`Failed ${failed}`] : []),
      ],
    });
  },
};
