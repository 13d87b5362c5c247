import { allCommands } from './all-commands.ts';

/** The names of the program. */
export const PROGRAMS = ['tandem', 'image-sidecar-rust', 'sportball-sidecar-rust'] as const;

/** Returns the script with which a shell completes `tandem`. */
export async function completionScript(shell: 'bash' | 'zsh' | 'fish'): Promise<string> {
  const commands = await allCommands(true);
  if (shell === 'bash') return (await import('./bash.ts')).bashScript(commands);
  if (shell === 'zsh') return (await import('./zsh.ts')).zshScript(commands);
  return (await import('./fish.ts')).fishScript(commands);
}
