// The contestants and their command lines.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../scripts/lib/processes.mjs';
import { FLOOR_PROGRAM } from './clock.mjs';

/** The floor has two threads; so has every other contestant that can have them. */
const WORKERS = '2';
const BIN = join(ROOT, 'bin', 'tandem');

export const FLOOR = 'floor';

export function floor(dir) {
  return { name: FLOOR, command: [FLOOR_PROGRAM, 'read', dir, '--threads', WORKERS], proof: /"files":(\d+)/ };
}

/** @param {number} syncEvery files per sync; 0 for none */
export function copyFloor(dir, syncEvery) {
  const args = ['copy', dir, '--sync-every', String(syncEvery), '--threads', WORKERS];
  const name = syncEvery === 0 ? FLOOR : `${FLOOR}, synced`;
  return { name, command: [FLOOR_PROGRAM, ...args], proof: /"files":(\d+)/ };
}

/** `tandem ARGS`, started as from a shell. */
export function tandem(...args) {
  return [process.execPath, BIN, ...args];
}

/** A command of the sidecar job on one engine; its report goes to stdout. */
export function sidecar(engine, command, dir, ...args) {
  const common = ['--input', dir, '--engine', engine, '--workers', WORKERS, '--output', '-'];
  return { name: engine, command: tandem('sidecar', command, ...common, ...args) };
}

/**
 * Python that reads one file after the other. python3 may be a script that finds the interpreter; only the
 * interpreter is measured.
 */
export function python(work, dir) {
  const name = 'Python, one by one';
  try {
    const interpreter = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
      stdio: 'pipe',
    });
    const command = [interpreter.toString('utf8').trim(), join(ROOT, 'bench', 'peers', 'loop.py'), work, dir];
    return { name, command, proof: PROOFS[work] };
  } catch {
    return { name, absent: 'python3 is not there' };
  }
}

/** What most people write in Node. */
export function promises(work, dir) {
  const script = join(ROOT, 'bench', 'peers', 'promises.mjs');
  return { name: 'Node, 16 at once', command: [process.execPath, script, work, dir], proof: PROOFS[work] };
}

/** Any program that takes the older tool's flags. Its output is ignored. */
export function peer(path, work, dir, ...args) {
  const name = basename(path);
  const command = [path, work, '--input', dir, '--workers', WORKERS, ...args];
  return existsSync(path) ? { name, command } : { name, absent: 'it is not there' };
}

/** Find the number of sidecars in each report. */
export const PROOFS = {
  validate: /"total_files": ?(\d+)/,
  stats: /"total_sidecars": ?(\d+)/,
  convert: /"converted": ?(\d+)/,
};
