import type { Command } from '../command.ts';
import { COMMANDS, type CommandEntry } from '../command-table.ts';
import type { ProgramName } from '../main.ts';
import { calledAs } from './called-as.ts';
import { statusMeanings } from './exit-status.ts';
import { capital, columns, wrap } from './layout.ts';
import { aboutOption, optionSpelling, usageOf } from './option-text.ts';

/** The purpose of the program and of each group of commands. */
export const INTRO: Readonly<Record<string, string>> = {
  '': 'Checks and converts image sidecars, and builds and compares SQL schemas. It has two engines that give the same results: Rust where it is available, TypeScript everywhere.',
  sidecar: 'Check, count, convert, clean up and export the sidecar files of a photo folder.',
  schema: 'Build, check, verify and compare the SQL schema of a project.',
};

/** Commands with options, and what they do. */
const EXAMPLES: readonly (readonly [path: string, options: string, about: string])[] = [
  ['sidecar validate', ' photos', 'check all sidecars, with the report on stdout'],
  ['sidecar convert', ' photos --format bin', 'convert them to the sealed format'],
  ['schema build', '', 'build db/generated/schema_local.sql'],
  ['schema check', ' --format github', 'find problems, as a step in CI'],
  ['schema diff', ' main', 'compare with the branch main'],
  ['doctor', '', 'show which engine is used here, and why'],
];

/** The help of the program, or of a group of its commands. */
export function overviewHelp(program: ProgramName, group: string, width: number): string {
  const shown = COMMANDS.filter(
    ({ path, alias }) => !alias && (group === '' || path.startsWith(`${group} `)),
  );
  const rows = shown.map((entry): [string, string] => [calledAs(program, entry.path), entry.about]);
  const examples = EXAMPLES.filter(([path]) => shown.some((entry) => entry.path === path)).map(
    ([path, options, about]): [string, string] => [`${calledAs(program, path)}${options}`, about],
  );
  const more = `'${calledAs(program, shown[0]?.path ?? '')} --help' describes a command in full, '${program} help --man' prints the manual, and '${program} --version' the version.`;
  return `${wrap(INTRO[group] ?? '', width).join('\n')}

Usage: ${calledAs(program, group)} COMMAND [OPTIONS]

Commands:
${columns(rows, width)}

Examples:
${columns(examples, width)}

${wrap(more, width).join('\n')}

${statuses(group, width)}
`;
}

/** The help of one command. */
export function commandHelp(
  program: ProgramName,
  entry: CommandEntry,
  command: Command,
  width: number,
): string {
  const title = calledAs(program, entry.path);
  const options = Object.entries(command.options);
  const rows = [
    ...command.words.map(({ name, about }): [string, string] => [`    ${name}`, about]),
    ...options.map(([name, option]): [string, string] => [optionSpelling(name, option), aboutOption(option)]),
    ['-h, --help', 'show this help'] as const,
  ];
  const examples = command.examples.map(
    ([line, about]) => `  # ${about}\n  ${line === '' ? title : `${title} ${line}`}`,
  );
  const details = command.details === null ? '' : `\n${wrap(command.details, width).join('\n')}\n`;
  return `${wrap(`${capital(entry.about)}.`, width).join('\n')}

Usage: ${title}${usageOf(command)} [OPTIONS]
${details}
Options:
${columns(rows, width)}

Examples:
${examples.join('\n')}

${statuses(entry.path, width)}
`;
}

function statuses(path: string, width: number): string {
  const rows = statusMeanings(path).map(([status, meaning]): [string, string] => [String(status), meaning]);
  return `Exit status:\n${columns(rows, width)}`;
}
