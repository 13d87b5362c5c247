import { COMMON } from '../options/common.ts';
import type { OptionFacts } from '../options/option.ts';
import { allCommands, type Described } from './all-commands.ts';
import { aboutOption, usageOf } from './option-text.ts';

/** The generated parts of docs/cli.md, by the name of their marker. */
export async function markdownParts(): Promise<Readonly<Record<string, string>>> {
  const commands = await allCommands();
  return {
    commands: commandTable(commands),
    'common options': optionTable(COMMON),
    options: `${commands.map(section).join('\n\n')}\n`,
  };
}

function commandTable(commands: readonly Described[]): string {
  const rows = commands.map(
    ({ entry, command }) => `| \`tandem ${entry.path}${usageOf(command)}\` | ${entry.about} |`,
  );
  return `| command | what it does |\n|---|---|\n${rows.join('\n')}\n`;
}

function section({ entry, command }: Described): string {
  const missing = Object.keys(COMMON).filter((name) => !Object.hasOwn(command.options, name));
  const words = command.words.map(({ name, about }) => `\`${name}\`: ${about}.\n\n`);
  const own = Object.keys(command.own).length === 0 ? '' : `${optionTable(command.own)}\n`;
  const without =
    missing.length === 0 ? '' : `Does not take ${missing.map((name) => `\`--${name}\``).join(', ')}.\n`;
  return `### tandem ${entry.path}\n\n${words.join('')}${own}${without}`.trimEnd();
}

function optionTable(table: Readonly<Record<string, OptionFacts>>): string {
  const rows = Object.entries(table).map(([name, option]) => {
    const short = option.short === undefined ? '' : `\`-${option.short}\`, `;
    const value = option.value === undefined ? '' : ` ${option.value}`;
    return `| ${short}\`--${name}${value}\` | ${aboutOption(option).replaceAll('|', '\\|')} |`;
  });
  return `| option | meaning |\n|---|---|\n${rows.join('\n')}\n`;
}
