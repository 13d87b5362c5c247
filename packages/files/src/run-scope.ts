import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** Within what a process number means one process: the same system since the same start, and the same namespaces. */
export interface RunScope {
  /** What the system calls the time since its last start; '' where it does not say. */
  readonly boot: string;
  /** Of processes and of clocks (Linux); '' elsewhere. */
  readonly namespace: string;
  /** `s` and eight hex digits of the SHA-256 of both; `s0` where nothing is known. */
  readonly id: string;
}

/** The scope of nobody in particular: whoever has it cannot be judged. */
export const NO_SCOPE = 's0';

let known: RunScope | undefined;

/** Of this process. It does not change while the process lives. */
export function runScope(): RunScope {
  known ??= scopeOf(bootOfSystem(), namespaceOfProcess());
  return known;
}

function scopeOf(boot: string, namespace: string): RunScope {
  if (boot === '') return { boot, namespace, id: NO_SCOPE };
  const hex = createHash('sha256').update(`${boot}\n${namespace}`).digest('hex').slice(0, 8);
  return { boot, namespace, id: `s${hex}` };
}

function bootOfSystem(): string {
  if (process.platform === 'linux') return firstLine('/proc/sys/kernel/random/boot_id');
  if (process.platform === 'darwin') return toldBy('sysctl', ['-n', 'kern.bootsessionuuid']);
  // Windows does not say in any cheap way; its locks are judged by their lease.
  return '';
}

function namespaceOfProcess(): string {
  if (process.platform !== 'linux') return '';
  // A clock of its own makes the same process look as if it had begun at another time.
  return [linkText('/proc/self/ns/pid'), linkText('/proc/self/ns/time')]
    .filter((each) => each !== '')
    .join(' ');
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return '';
  }
}

function linkText(path: string): string {
  try {
    return readlinkSync(path, 'latin1');
  } catch {
    return '';
  }
}

function toldBy(program: string, args: readonly string[]): string {
  return spawnSync(program, args, { encoding: 'latin1' }).stdout?.trim() ?? '';
}
