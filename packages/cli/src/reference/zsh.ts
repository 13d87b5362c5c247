import type { OptionFacts } from '../options/option.ts';
import { childrenByGroup, type Described } from './all-commands.ts';
import { PROGRAMS } from './completions.ts';
import { aboutOption } from './option-text.ts';

export function zshScript(commands: readonly Described[]): string {
  const groups = childrenByGroup(commands);
  const paths = [...groups].flatMap(([group, children]) => children.map(([name]) => `${group} ${name}`));
  const names = [...groups].map(
    ([group, children]) =>
      `    ${quoted(group)})\n      names=(${children.map(([name, about]) => quoted(`${name}:${about.replaceAll(':', '\\:')}`)).join(' ')}) ;;`,
  );
  return `#compdef ${PROGRAMS.join(' ')}
# Completion of tandem for zsh; made by: tandem completions zsh
_tandem() {
  local at='' word
  local -a names
  local -i taken=1
  [[ \${words[1]:t} == *sidecar-rust ]] && at=sidecar
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      (*' help') ;;
      (${paths.map(quoted).join('|')}) at="\${at:+$at }$word" ;;
      (*) break ;;
    esac
    (( taken += 1 ))
  done
  case $at in
${names.join('\n')}
  esac
  if (( CURRENT == taken + 1 && $#names )) && [[ $PREFIX != -* ]]; then
    _describe command names
    # A command that also has commands of its own takes its arguments, too.
  fi
  words=("\${(@)words[taken,-1]}")
  (( CURRENT -= taken - 1 ))
  case $at in
${commands.map(argumentsOf).join('\n')}
  esac
}
# Loaded by compinit, the file is the function; sourced, it has to say so.
if [[ \${funcstack[1]} == _tandem ]]; then _tandem "$@"; else compdef _tandem ${PROGRAMS.join(' ')}; fi
`;
}

function argumentsOf({ entry, command }: Described): string {
  const options = Object.entries(command.options);
  const isFolder = options.some(([, { asWord }]) => asWord);
  const words = command.words.map(({ name, choices }) => {
    const paths = isFolder ? '_files -/' : '_files';
    return `::${name}:${choices === undefined ? paths : `(${choices.join(' ')})`}`;
  });
  const alone = options.flatMap(([, option]) => (option.asWord ? [`:${valueSpec(option)}`] : []));
  const specs = [
    ...words,
    ...alone,
    ...options.flatMap(([name, option]) => optionSpecs(name, option)),
    '(- *)--help[show this help]',
  ];
  return `    (${quoted(entry.path)})
      _arguments -S -s ${specs.map(quoted).join(' ')} ;;`;
}

function optionSpecs(name: string, option: OptionFacts): string[] {
  const about = aboutOption(option).replace(/[[\]:\\]/g, '\\$&');
  const spellings = [
    ...(option.short === undefined ? [] : [`-${option.short}`]),
    option.value === undefined ? `--${name}` : `--${name}=`,
  ];
  const excluded = option.many ? '*' : `(${spellings.map((each) => each.replace('=', '')).join(' ')})`;
  return spellings.map(
    (each) => `${excluded}${each}[${about}]${option.value === undefined ? '' : valueSpec(option)}`,
  );
}

/** `:DIR:_files -/` */
function valueSpec({ value, choices, path }: OptionFacts): string {
  const action =
    choices !== undefined
      ? `(${choices.join(' ')})`
      : path === undefined
        ? ' '
        : path === 'folder'
          ? '_files -/'
          : '_files';
  return `:${value}:${action}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
