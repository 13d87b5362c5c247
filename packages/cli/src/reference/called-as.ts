import type { ProgramName } from '../main.ts';

/** How a command is called by this program: the older names do without `sidecar`. */
export function calledAs(program: ProgramName, path: string): string {
  const words = program === 'tandem' ? path : path.replace(/^sidecar\b ?/, '');
  return words === '' ? program : `${program} ${words}`;
}
