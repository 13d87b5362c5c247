import { COMMON } from '../options/common.ts';
import type { OptionFacts } from '../options/option.ts';
import { allCommands, type Described } from './all-commands.ts';
import { statusMeanings } from './exit-status.ts';
import { INTRO } from './help.ts';
import { capital } from './layout.ts';
import { aboutOption, usageOf } from './option-text.ts';

/** The variables that a run reads. docs/cli.md describes them with the options. */
const ENVIRONMENT: readonly (readonly [name: string, about: string])[] = [
  ['TANDEM_ENGINE', 'the engine if --engine is not given: auto, native or typescript'],
  ['TANDEM_WORKERS', 'the number of threads if --workers is not given'],
  ['TANDEM_TIMEOUT', 'the time limit in seconds if --timeout is not given'],
  ['TANDEM_NATIVE_PATH', 'the native engine to load, instead of the installed one'],
  ['NO_COLOR', 'if it is not empty, nothing is colored'],
  ['FORCE_COLOR', 'colors in a pipe, too; 0 for none'],
];

/** tandem(1), for man on any system. */
export async function manPage(version: string): Promise<string> {
  const commands = await allCommands();
  return `.\\" Generated from the option tables of packages/cli/src; do not edit.
.TH TANDEM 1 "" "Tandem ${version}" "User Commands"
.SH NAME
tandem \\- check image sidecars and build SQL schemas
.SH SYNOPSIS
.B tandem
.I COMMAND
.RI [ OPTIONS ]
.SH DESCRIPTION
${text(INTRO[''] ?? '')}
.PP
${text("'tandem help COMMAND' describes one command. image-sidecar-rust and sportball-sidecar-rust are the sidecar commands without the word sidecar.")}
.SH OPTIONS OF EVERY COMMAND
${text('Each command lists the few of these that it does not take.')}
${options(COMMON)}
.SH COMMANDS
${commands.map(section).join('\n')}
.SH EXIT STATUS
${['sidecar', 'schema', 'doctor'].map(statuses).join('\n')}
.SH ENVIRONMENT
${ENVIRONMENT.map(([name, about]) => `.TP\n.B ${escaped(name)}\n${text(about)}`).join('\n')}
`;
}

function section({ entry, command }: Described): string {
  const missing = Object.keys(COMMON).filter((name) => !Object.hasOwn(command.options, name));
  return [
    `.SS tandem ${escaped(entry.path)}`,
    text(`${capital(entry.about)}.`),
    `.PP\n.B tandem ${escaped(entry.path)}\n${text(`${usageOf(command).trim()} [OPTIONS]`.trim())}`,
    ...(command.details === null ? [] : [`.PP\n${text(command.details)}`]),
    ...command.words.map(({ name, about }) => `.TP\n.I ${escaped(name)}\n${text(about)}`),
    ...(Object.keys(command.own).length === 0 ? [] : [options(command.own)]),
    ...(missing.length === 0
      ? []
      : [`.PP\n${text(`Does not take ${missing.map((name) => `--${name}`).join(', ')}.`)}`]),
    ...command.examples.map(
      ([line, about]) =>
        `.PP\n${text(`${capital(about)}:`)}\n.PP\n.RS\n.nf\n${text(`tandem ${entry.path} ${line}`.trimEnd())}\n.fi\n.RE`,
    ),
  ].join('\n');
}

function options(table: Readonly<Record<string, OptionFacts>>): string {
  return Object.entries(table)
    .map(([name, option]) => {
      const short = option.short === undefined ? '' : `\\fB\\-${option.short}\\fR, `;
      const value = option.value === undefined ? '' : ` \\fI${escaped(option.value)}\\fR`;
      return `.TP\n${short}\\fB\\-\\-${escaped(name)}\\fR${value}\n${text(aboutOption(option))}`;
    })
    .join('\n');
}

function statuses(group: string): string {
  const rows = statusMeanings(group).map(([status, meaning]) => `.TP\n.B ${status}\n${text(meaning)}`);
  return [`.SS tandem ${group}`, ...rows].join('\n');
}

/** One line of text, escaped so that roff prints it unchanged. */
function text(line: string): string {
  return escaped(line).replace(/^[.']/, '\\&$&');
}

function escaped(line: string): string {
  return line.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq');
}
