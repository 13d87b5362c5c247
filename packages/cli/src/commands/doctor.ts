import { sidecarHost } from '@tandem/sidecar';
import type { Command } from '../command.ts';
import type { Check } from '../doctor/check.ts';
import { engineChecks } from '../doctor/engines.ts';
import { machineChecks } from '../doctor/machine.ts';
import { settingChecks } from '../doctor/settings.ts';
import { EXIT } from '../exit-codes.ts';
import { printable, say } from '../streams.ts';

export const doctorCommand: Command = {
  options: { json: { about: 'one JSON document instead of text' } },
  details:
    'Looks at Node, cargo, the places where the native engine may be, settings, permissions, and reads one file. Nothing is written. Ends with status 0 if a run would work, else 3.',
  examples: [
    ['', 'what to read first when something is odd, and what to put into a bug report'],
    ['--json | jq -r ".checks[] | select(.state != \\"ok\\") | .text"', 'what is not as it should be'],
  ],
  async run({ values, package: info }) {
    const host = sidecarHost();
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
};

function jsonText(version: string, checks: readonly Check[], works: boolean): string {
  return `${JSON.stringify({ version, works, checks }, null, 2)}\n`;
}

function plainText(version: string, checks: readonly Check[], works: boolean): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 11);
  const blocks = checks.map(({ state, name, text, details = [], cure }) =>
    [
      `${state.padEnd(8)} ${name.padEnd(width)}  ${printable(text)}`,
      ...details.map((line) => `${indent}${printable(line)}`),
      ...(cure === undefined ? [] : [`${indent}cure: ${printable(cure)}`]),
    ].join('\n'),
  );
  const verdict = works ? 'A run works here.' : 'A run does not work here: see the problems above.';
  return `Tandem ${version}\n\n${blocks.join('\n')}\n\n${verdict}\n`;
}
