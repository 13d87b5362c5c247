import type { Command, Option } from './command.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import type { ProgramName } from './main.ts';

const INTRO: Readonly<Record<ProgramName, string>> = {
  tandem: 'One toolkit, two engines: Rust where it is there, the same answers in TypeScript where it is not.',
  'image-sidecar-rust': 'Check, count, convert, clean up and export the sidecar files of a photo folder.',
  'sportball-sidecar-rust': 'Check, count, convert, clean up and export the sidecar files of a photo folder.',
};
const EXITS = `Exit status:
  0  done, also when files were found invalid      2  the command line is wrong
  1  a --fail-on condition holds, or a writing     3  the run could not be done, or ran out of time
     command failed on some files                130  interrupted`;
const COLUMNS = 100;

/** How a command is called by this program: the older names do without `sidecar`. */
export function calledAs(program: ProgramName, path: string): string {
  const words = program === 'tandem' ? path : path.replace(/^sidecar\b ?/, '');
  return words === '' ? program : `${program} ${words}`;
}

/** Commands with options, and what they do. */
const EXAMPLES: readonly (readonly [string, string, string])[] = [
  ['sidecar validate', ' --input photos', 'check all sidecars, the report on stdout'],
  ['sidecar convert', ' --input photos --format bin', 'convert them to the sealed form'],
  ['schema build', '', 'build db/generated/schema_local.sql'],
  ['schema check', ' --format github', 'look for what is wrong, as a step of CI'],
  ['schema diff', ' main', 'what differs from the branch main'],
  ['doctor', '', 'see which engine works here, and why'],
];

/** The help of the program, or of a group of its commands. */
export function overviewHelp(program: ProgramName, group: string): string {
  const shown = COMMANDS.filter(
    ({ path, alias }) => !alias && (group === '' || path.startsWith(`${group} `)),
  );
  const rows = shown.map((entry): [string, string] => [calledAs(program, entry.path), entry.about]);
  const examples = EXAMPLES.filter(([path]) => shown.some((entry) => entry.path === path)).map(
    ([path, options, about]): [string, string] => [`${calledAs(program, path)}${options}`, about],
  );
  return `${INTRO[program]}

Usage: ${calledAs(program, group)} COMMAND [OPTIONS]

Commands:
${columns(rows)}

Examples:
${columns(examples)}

'${calledAs(program, shown[0]?.path ?? '')} --help' tells all about a command, '${program} --version' the version.

${EXITS}
`;
}

/** The help of one command. */
export function commandHelp(program: ProgramName, entry: CommandEntry, command: Command): string {
  const title = calledAs(program, entry.path);
  const table: Readonly<Record<string, Option>> = command.options;
  const names = Object.keys(table);
  const required = names
    .filter((name) => table[name]?.required)
    .map((name) => ` --${name} ${table[name]?.value ?? ''}`.trimEnd());
  const words = command.words ?? [];
  const rows = names.map((name): [string, string] => [spelled(name, table[name]), table[name]?.about ?? '']);
  rows.unshift(...words.map(({ name, about }): [string, string] => [`    ${name}`, about]));
  rows.push(['-h, --help', 'this text']);
  const examples = command.examples.map(([line, about]): [string, string] => [
    `${title}${line === '' ? '' : ` ${line}`}`,
    about,
  ]);
  const details = command.details === undefined ? '' : `\n${wrap(command.details, COLUMNS).join('\n')}\n`;
  return `${capital(entry.about)}.

Usage: ${title}${words.map(({ name }) => ` [${name}]`).join('')}${required.join('')} [OPTIONS]
${details}
Options:
${columns(rows)}

Examples:
${examples.map(([line, about]) => `  # ${about}\n  ${line}`).join('\n')}

${EXITS}
`;
}

function spelled(name: string, option: Option | undefined): string {
  const short = option?.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${name}${option?.value === undefined ? '' : ` ${option.value}`}`;
}

/** Two columns, the second one wrapped. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const indent = ' '.repeat(width + 2);
  return rows
    .map(
      ([left, right]) => `  ${left.padEnd(width)}${wrap(right, COLUMNS - indent.length).join(`\n${indent}`)}`,
    )
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
