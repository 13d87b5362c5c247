import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * The scope in which a process number identifies one process: the same system since the same boot, and the
 * same namespaces.
 */
export interface RunScope {
  /** The system's identifier of its current boot; '' if it reports none. */
  readonly boot: string;
  /** The process and time namespaces (Linux); '' elsewhere. */
  readonly namespace: string;
  /** `s` and eight hex digits of the SHA-256 of both; `s0` if neither is known. */
  readonly id: string;
}

/** The unknown scope: the state of a run with it cannot be determined. */
export const NO_SCOPE = 's0';

let known: RunScope | undefined;

/** The scope of this process. It does not change while the process lives. */
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
  // Windows has no cheap way to report it; its locks are judged by their lease.
  return '';
}

function namespaceOfProcess(): string {
  if (process.platform !== 'linux') return '';
  // In a time namespace of its own, the same process seems to have started at another time.
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
