import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BIN, type Finished, finished } from './support.ts';

export const isRoot: boolean = process.getuid?.() === 0;

/**
 * Permissions do not restrict root; without these capabilities they do, and root still owns the test files.
 */
const SETPRIV = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] as const;

/** Runs the command as a user whom file permissions restrict. */
export const withoutPrivileges: {
  readonly problem: string | null;
  readonly isPossible: boolean;
  tandem(args: readonly string[], cwd: string): Promise<Finished>;
} = {
  problem: problem(),
  isPossible: problem() === null,
  tandem: (args, cwd) => {
    const line = [...(isRoot ? SETPRIV : []), process.execPath, join(BIN, 'tandem'), ...args];
    const [program = '', ...rest] = line;
    return finished(spawn(program, rest, { cwd, stdio: ['ignore', 'pipe', 'pipe'] }));
  },
};

function problem(): string | null {
  if (process.platform === 'win32') return 'permissions are another matter on Windows';
  if (!isRoot) return null;
  const [program, ...args] = SETPRIV;
  return spawnSync(program, [...args, 'true']).status === 0
    ? null
    : 'setpriv is needed where root runs the tests';
}
