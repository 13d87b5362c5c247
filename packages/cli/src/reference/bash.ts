import type { OptionFacts } from '../options/option.ts';
import { childrenByGroup, type Described } from './all-commands.ts';
import { PROGRAMS } from './completions.ts';

/** Works with bash 3.2, the version on macOS, and later, without the package bash-completion. */
export function bashScript(commands: readonly Described[]): string {
  const groups = childrenByGroup(commands);
  const paths = [...groups].flatMap(([group, children]) => children.map(([name]) => `${group} ${name}`));
  const words = [
    ...[...groups].map(([group, children]) => [group, children.map(([name]) => name)] as const),
    ...commands.flatMap(({ entry, command }) =>
      command.words.flatMap(({ choices }) => (choices === undefined ? [] : [[entry.path, choices] as const])),
    ),
  ];
  const folders = commands.filter(({ command }) =>
    Object.values(command.options).some((each) => each.asWord),
  );
  return `# Completion of tandem for bash; made by: tandem completions bash
_tandem_paths() {
  local name
  while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen "$1" -- "$2")
  compopt -o filenames 2> /dev/null
}

_tandem() {
  local cur=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]} at='' word
  COMPREPLY=()
  # bash makes three words of --engine=auto.
  if [[ $cur == = ]]; then cur=''
  elif [[ $option == = ]]; then option=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  [[ \${COMP_WORDS[0]##*/} == *sidecar-rust ]] && at=sidecar
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      *' help') ;;
      ${paths.map(quoted).join('|')}) at="\${at:+$at }$word" ;;
      *) break ;;
    esac
  done
  case "$at $option" in
${commands.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $at in
${commands.map(({ entry, command }) => `      ${quoted(entry.path)}) option=${quoted(optionWords(command.options))} ;;`).join('\n')}
      *) option='--help --version' ;;
    esac
    COMPREPLY=($(compgen -W "$option" -- "$cur"))
    return
  fi
  case $at in
${words.map(([path, names]) => `    ${quoted(path)}) COMPREPLY=($(compgen -W ${quoted(names.join(' '))} -- "$cur")) ;;`).join('\n')}
  esac
  case $at in
    ${folders.map(({ entry }) => quoted(entry.path)).join('|')}) _tandem_paths -d "$cur" ;;
  esac
}
complete -F _tandem ${PROGRAMS.join(' ')}
`;
}

/** The completions after each option that takes a value. */
function valueCases({ entry, command }: Described): string[] {
  return Object.entries(command.options).flatMap(([name, option]) => {
    if (option.value === undefined) return [];
    const spellings = [`--${name}`, ...(option.short === undefined ? [] : [`-${option.short}`])];
    const patterns = spellings.map((spelling) => quoted(`${entry.path} ${spelling}`)).join('|');
    return [`    ${patterns}) ${valueWords(option)}return ;;`];
  });
}

function valueWords({ choices, path }: OptionFacts): string {
  if (choices !== undefined) return `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$cur")); `;
  if (path === undefined) return '';
  return `_tandem_paths ${path === 'folder' ? '-d' : '-f'} "$cur"; `;
}

function optionWords(options: Described['command']['options']): string {
  return [...Object.keys(options).map((name) => `--${name}`), '--help'].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
