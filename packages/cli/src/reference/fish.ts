import type { OptionFacts } from '../options/option.ts';
import { childrenByGroup, type Described } from './all-commands.ts';
import { PROGRAMS } from './completions.ts';
import { aboutOption } from './option-text.ts';

export function fishScript(commands: readonly Described[]): string {
  const groups = childrenByGroup(commands);
  const paths = [...groups].flatMap(([group, children]) => children.map(([name]) => `${group} ${name}`));
  const lines = [
    ...[...groups].flatMap(([group, children]) =>
      children.map(([name, about]) => `${at(group)} -a ${name} -d ${quoted(about)}`),
    ),
    ...commands.flatMap(linesOf),
  ];
  return `# Completion of tandem for fish; made by: tandem completions fish
function __tandem_at
    set -l words (commandline -opc)
    set -l at
    string match -q '*sidecar-rust' -- $words[1]; and set at sidecar
    set -e words[1]
    for word in $words
        switch "$at $word"
            case '* help'
            case ${paths.map(quoted).join(' ')}
                set at (string trim -- "$at $word")
            case '*'
                break
        end
    end
    test "$at" = "$argv[1]"
end

for program in ${PROGRAMS.join(' ')}
    complete -c $program -e
    complete -c $program -f
    complete -c $program -s h -l help -d 'show help'
${lines.map((line) => `    ${line}`).join('\n')}
end
`;
}

function linesOf({ entry, command }: Described): string[] {
  const start = at(entry.path);
  const words = command.words.flatMap(({ choices, about }) =>
    choices === undefined ? [] : [`${start} -a ${quoted(choices.join(' '))} -d ${quoted(about)}`],
  );
  const options = Object.entries(command.options).flatMap(([name, option]) => {
    const short = option.short === undefined ? '' : ` -s ${option.short}`;
    const alone = option.asWord ? [`${start} -a '(__fish_complete_directories)'`] : [];
    return [`${start} -l ${name}${short}${valueSpec(option)} -d ${quoted(aboutOption(option))}`, ...alone];
  });
  return [...words, ...options];
}

function at(path: string): string {
  return `complete -c $program -n "__tandem_at '${path}'"`;
}

function valueSpec({ value, choices, path }: OptionFacts): string {
  if (value === undefined) return '';
  if (choices !== undefined) return ` -x -a ${quoted(choices.join(' '))}`;
  if (path === undefined) return ' -x';
  return path === 'folder' ? " -x -a '(__fish_complete_directories)'" : ' -r -F';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
