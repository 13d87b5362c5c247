import type { Command } from '../command.ts';
import { COMMANDS, type CommandEntry } from '../command-table.ts';

export interface Described {
  readonly entry: CommandEntry;
  readonly command: Command;
}

/** Loads every command with its options. Aliases are left out unless they are requested. */
export async function allCommands(withAliases = false): Promise<readonly Described[]> {
  const entries = COMMANDS.filter(({ alias }) => withAliases || !alias);
  return Promise.all(entries.map(async (entry) => ({ entry, command: await entry.load() })));
}

/**
 * Groups and commands by the words before them: '' contains sidecar, schema and doctor; `sidecar` contains
 * validate.
 */
export function childrenByGroup(
  commands: readonly Described[],
): ReadonlyMap<string, readonly (readonly [name: string, about: string])[]> {
  const groups = new Map<string, Map<string, string>>();
  for (const { entry } of commands) {
    const words = entry.path.split(' ');
    for (const [level, word] of words.entries()) {
      const group = words.slice(0, level).join(' ');
      const children = groups.get(group) ?? new Map<string, string>();
      groups.set(group, children);
      if (level === words.length - 1) children.set(word, entry.about);
      else if (!children.has(word)) children.set(word, `commands on ${word}s`);
    }
  }
  return new Map([...groups].map(([group, children]) => [group, [...children]]));
}
