import type { ProgramName } from '../main.ts';

/** The words that call a command under this program name. The older names omit `sidecar`. */
export function calledAs(program: ProgramName, path: string): string {
  const words = program === 'tandem' ? path : path.replace(/^sidecar\b ?/, '');
  return words === '' ? program : `${program} ${words}`;
}
