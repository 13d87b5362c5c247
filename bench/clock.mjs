// The clock: runs one command to its end, discards its output, and returns what `measure` of the floor
// reports.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCargo, runCargo } from '../scripts/lib/cargo.mjs';
import { ROOT } from '../scripts/lib/processes.mjs';

const FLOOR = join(ROOT, 'bench', 'floor');
export const FLOOR_PROGRAM = join(FLOOR, 'target', 'release', 'tandem-floor');

/**
 * Node 20 takes some 35 ms to read certificates at every start; and no variable of the caller may choose an
 * engine.
 */
const LEFT_OUT = /^(NODE_EXTRA_CA_CERTS|NODE_OPTIONS|NODE_V8_COVERAGE|TANDEM_.*|SPORTBALL_.*)$/;
const CHILD_ENV = Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name)));

/**
 * A run is disturbed when other processes used more than this share of the machine during it, and
 * DISTURBED_MS on top.
 */
const DISTURBED_SHARE = 0.1;
const DISTURBED_MS = 20;
const QUIET_WINDOW_MS = 300;

/**
 * Builds the floor, which is also the clock. Throws where that is not possible: without it there are no
 * ratios.
 */
export async function buildClock() {
  const cargo = findCargo();
  if (cargo === null) {
    throw new Error('cargo not found: the floor, which all is compared with, is a small Rust program');
  }
  const args = ['build', '--release', '--locked', '--target-dir', join(FLOOR, 'target')];
  const { status, stderr } = await runCargo(cargo, args, { cwd: FLOOR });
  if (status !== 0) {
    throw new Error(`the floor does not build:\n${stderr}`);
  }
}

/**
 * @param {string[]} command the program and its arguments
 * @returns {Promise<{wall: number, user: number, sys: number, others: number | null, memory: number, status:
 *   number, output: number, tail: string}>} milliseconds and bytes; see bench/floor/src/measure.rs
 */
export function measure(command) {
  return new Promise((resolve, reject) => {
    const child = spawn(FLOOR_PROGRAM, ['measure', ...command], {
      cwd: ROOT,
      env: CHILD_ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const told = [];
    const complaints = [];
    child.stdout.on('data', (chunk) => told.push(chunk));
    child.stderr.on('data', (chunk) => complaints.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      const text = Buffer.concat(told).toString('utf8');
      const lineEnd = text.indexOf('\n');
      const stderr = Buffer.concat(complaints).toString('utf8').trim();
      if (status !== 0 || lineEnd < 0) {
        reject(new Error(`${command[0]} cannot be measured: ${stderr}`));
      } else {
        resolve({ ...JSON.parse(text.slice(0, lineEnd)), tail: text.slice(lineEnd + 1), stderr });
      }
    });
  });
}

/** Whether other processes used so much of the machine during a run that it should be repeated. */
export function isDisturbed({ wall, others }) {
  return others !== null && others > DISTURBED_MS + DISTURBED_SHARE * wall * availableParallelism();
}

/**
 * Waits until the machine is idle, for at most this many seconds. Does not wait where the load is unknown.
 */
export async function waitForQuiet(seconds) {
  const end = performance.now() + seconds * 1000;
  let before = busyShareSoFar();
  while (before !== null && performance.now() < end) {
    await sleep(QUIET_WINDOW_MS);
    const after = busyShareSoFar();
    const busy = (after.busy - before.busy) / Math.max(1, after.all - before.all);
    if (busy < DISTURBED_SHARE) {
      return;
    }
    before = after;
  }
}

/** In ticks since the machine started. */
function busyShareSoFar() {
  try {
    const [first] = readFileSync('/proc/stat', 'utf8').split('\n');
    const ticks = first.trim().split(/\s+/).slice(1, 9).map(Number);
    const all = ticks.reduce((sum, one) => sum + one, 0);
    return { all, busy: all - ticks[3] - ticks[4] };
  } catch {
    return null;
  }
}
