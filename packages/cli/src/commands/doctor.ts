import { command } from '../command.ts';
import type { Check } from '../doctor/check.ts';
import { NO_RUN } from '../options/common.ts';
import { flag } from '../options/option.ts';
import { EXIT } from '../run/exit-codes.ts';
import { type Style, styled } from '../terminal/color.ts';
import { printable, say } from '../terminal/streams.ts';

const STYLES: Readonly<Record<Check['state'], Style>> = { ok: 'green', note: 'yellow', problem: 'red' };

export const doctorCommand = command({
  options: { json: flag('one JSON document instead of text') },
  without: [...NO_RUN, 'quiet'],
  details:
    'Checks Node, cargo, every place where the native engine may be, the settings and the permissions, and reads one file. It writes nothing. The status is 0 if Tandem works here, else 3.',
  examples: [
    ['', 'when something is odd, and for a bug report'],
    ['--json | jq -r ".checks[] | select(.state != \\"ok\\") | .text"', 'only what needs attention'],
  ],
  async run({ values, package: info }) {
    const [{ tandemHost }, { machineChecks }, { settingChecks }, { engineChecks }] = await Promise.all([
      import('@tandem/job'),
      import('../doctor/machine.ts'),
      import('../doctor/settings.ts'),
      import('../doctor/engines.ts'),
    ]);
    const host = tandemHost();
    const checks = [
      ...machineChecks(process.env),
      ...settingChecks(host, process.env),
      ...(await engineChecks(host, info.file)),
    ];
    const works = !checks.some(({ state }) => state === 'problem');
    await say(
      values.json ? jsonText(info.version(), checks, works) : plainText(info.version(), checks, works),
    );
    return works ? EXIT.done : EXIT.notDone;
  },
});

function jsonText(version: string, checks: readonly Check[], works: boolean): string {
  return `${JSON.stringify({ version, works, checks }, null, 2)}\n`;
}

function plainText(version: string, checks: readonly Check[], works: boolean): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 11);
  const blocks = checks.map(({ state, name, text, details = [], cure }) =>
    [
      `${styled(1, STYLES[state], state.padEnd(8))} ${name.padEnd(width)}  ${printable(text)}`,
      ...details.map((line) => `${indent}${printable(line)}`),
      ...(cure === undefined ? [] : [`${indent}cure: ${printable(cure)}`]),
    ].join('\n'),
  );
  const verdict = works ? 'Tandem works here.' : 'Tandem does not work here: see the problems above.';
  return `Tandem ${version}\n\n${blocks.join('\n')}\n\n${verdict}\n`;
}
