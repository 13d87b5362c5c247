import type { Command } from '../command.ts';
import type { OptionFacts } from '../options/option.ts';

/** `-o, --output FILE`, with spaces in place of the letter if the option has none. */
export function optionSpelling(name: string, option: OptionFacts): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${name}${option.value === undefined ? '' : ` ${option.value}`}`;
}

/** What an option does, whether it is required or may be repeated, and its default. */
export function aboutOption({ about, default: otherwise, many, required }: OptionFacts): string {
  const more = [
    ...(required ? ['required'] : []),
    ...(many ? ['may be repeated'] : []),
    ...(otherwise === undefined ? [] : [`default: ${otherwise}`]),
  ];
  return more.length === 0 ? about : `${about} [${more.join('; ')}]`;
}

/** ` [RUN] [DIR] --format NAME`: the arguments after the command, with only the required options. */
export function usageOf({ options, words }: Command): string {
  const all = Object.entries(options);
  const alone = all.filter(([, { asWord }]) => asWord);
  const required = all.filter(([, { asWord, required }]) => required && !asWord);
  return [
    ...words.map(({ name, required, many }) => (required ? ` ${name}` : ` [${name}]`) + (many ? '...' : '')),
    ...alone.map(([, { value, required }]) => (required ? ` ${value}` : ` [${value}]`)),
    ...required.map(([name, { value }]) => ` --${name}${value === undefined ? '' : ` ${value}`}`),
  ].join('');
}
