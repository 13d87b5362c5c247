import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LIMITS, TandemError } from '@tandem/engine';
import { advisoryLock, JOB_STEPS, jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { acquireLock, isDeadLock } from '../../src/locks/lock.ts';
import { lockText } from '../../src/locks/lock-file.ts';
import { isRunAlive, lifeOf, newRun, parseRun, runOfScratch, scratchName } from '../../src/run-id.ts';
import { runScope } from '../../src/run-scope.ts';
import { runModule, temporaryFolder } from '../store-files.ts';

/** Judges by the clock of this machine. */
const JUDGE = { now: Date.now, advisoryLock };

const base = temporaryFolder();
let folders = 0;
function freshFolder(): string {
  folders += 1;
  const folder = join(base, `lock-${folders}`);
  mkdirSync(folder);
  return folder;
}

/** The line of a process that has ended: the number of this one with another start. */
function deadLine(): string {
  const { host, scope, pid, started } = newRun();
  const run = `${host}-${scope}-${pid}-${started + 1}-r${Math.random().toString(16).slice(2, 10).padEnd(8, '0')}`;
  return `${JSON.stringify({ tandem: 'lock', version: 1, host: hostname(), pid, started: started + 1, operation: 'convert', run })}\n`;
}

function thrownBy(work: () => unknown): TandemError {
  try {
    work();
  } catch (error) {
    if (error instanceof TandemError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a run', () => {
  test('has an id that fits into a file name and can be read back', () => {
    const run = newRun();
    expect(run.id).toMatch(/^[A-Za-z0-9._]+-s(0|[0-9a-f]{8})-\d+-\d+-r[0-9a-f]{8}$/);
    expect(parseRun(run.id)).toEqual(run);
    expect(runOfScratch(scratchName(run.id, 17))).toEqual(run);
    expect(newRun().id).not.toBe(run.id);
  });

  test.each([
    '',
    'x',
    '.tandem-lock',
    '.tandem-journal-h-s0-1-2-r00000000',
    '.tandem-h-s0-1-2-r00000000',
    '.tandem-h-1-2-r00000000-3',
    '.tandem-h-s0-1-2-12345678-3',
  ])('is not read from %j', (name) => expect(runOfScratch(name)).toBe(null));

  test('is alive as long as its process, which is identified by its number and its start', () => {
    const run = newRun();
    expect(isRunAlive(run)).toBe(true);
    expect(isRunAlive({ ...run, started: run.started + 1 })).toBe(false);
    expect(isRunAlive({ ...run, pid: 2 ** 22 + 1 })).toBe(false);
    for (const other of [{ host: 'elsewhere' }, { scope: 's0' }, { scope: 's01234567' }]) {
      expect(lifeOf({ ...run, ...other, pid: 2 ** 22 + 1 })).toBe('unknown');
      expect(isRunAlive({ ...run, ...other, pid: 2 ** 22 + 1 })).toBe(true);
    }
  });

  test('of a killed process is dead', async () => {
    const child = await runModule(`
      const { newRun } = product;
      process.stdout.write(newRun().id, () => process.kill(process.pid, 'SIGKILL'));`);
    expect(child.signal).toBe('SIGKILL');
    expect(isRunAlive(parseRun(child.stdout) as NonNullable<ReturnType<typeof parseRun>>)).toBe(false);
  });
});

describe('a lock', () => {
  test('names its holder, excludes others, and leaves nothing behind', () => {
    const folder = freshFolder();
    const path = join(folder, '.tandem-lock');
    const lock = acquireLock(path, 'convert', JOB_STEPS);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      tandem: 'lock',
      version: 1,
      host: hostname(),
      pid: process.pid,
      started: lock.run.started,
      operation: 'convert',
      run: lock.run.id,
      boot: runScope().boot,
      namespace: runScope().namespace,
      advisory: process.env['TANDEM_ENGINE'] === 'native',
      unfinished: null,
    });
    const error = thrownBy(() => acquireLock(path, 'convert', JOB_STEPS));
    expect(error.code).toBe('ERR_TANDEM_LOCKED');
    expect(error.message).toMatch(
      `another process is working here: pid ${process.pid} on ${hostname()} since 20`,
    );
    expect(error.hint).toContain(path);
    lock.release();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    acquireLock(path, 'convert', JOB_STEPS).release();
  });

  test.each([
    ['another host', newRun().host, 'elsewhere'],
    ['another boot or namespace of this one', `-${newRun().scope}-`, '-s01234567-'],
    ['an unknown system', `-${newRun().scope}-`, '-s0-'],
  ])('of %s is held until its lease is over', (_, own, other) => {
    const folder = freshFolder();
    const path = join(folder, '.tandem-lock');
    writeFileSync(path, deadLine().replaceAll(own, other));
    expect(thrownBy(() => acquireLock(path, 'convert', JOB_STEPS)).code).toBe('ERR_TANDEM_LOCKED');
    expect(isDeadLock(path, JUDGE)).toBe(false);
    const nearly = new Date(Date.now() - LIMITS.lockLeaseMs + 5000);
    utimesSync(path, nearly, nearly);
    expect(thrownBy(() => acquireLock(path, 'convert', JOB_STEPS)).code).toBe('ERR_TANDEM_LOCKED');
    const over = new Date(Date.now() - LIMITS.lockLeaseMs - 1000);
    utimesSync(path, over, over);
    expect(isDeadLock(path, JUDGE)).toBe(true);
    acquireLock(path, 'convert', JOB_STEPS).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a process that is gone is taken over', () => {
    const folder = freshFolder();
    const path = join(folder, '.tandem-lock');
    writeFileSync(path, deadLine());
    expect(isDeadLock(path, JUDGE)).toBe(true);
    const lock = acquireLock(path, 'convert', JOB_STEPS);
    expect(readdirSync(folder)).toEqual(['.tandem-lock']);
    lock.release();
  });

  test('that another run takes during the check is not taken over', () => {
    const folder = freshFolder();
    const path = join(folder, '.tandem-lock');
    const dead = deadLine();
    writeFileSync(path, dead);
    const other = lockText(newRun(), { operation: 'convert' });
    // Another run takes it between the check of the dead lock and its replacement.
    const meddling = jobSteps(({ what, to }) => {
      if (what === 'link' && to?.includes('.tandem-lock-')) writeFileSync(path, other);
    });
    expect(thrownBy(() => acquireLock(path, 'convert', meddling)).code).toBe('ERR_TANDEM_LOCKED');
    expect(readFileSync(path, 'utf8')).toBe(other);
    expect(readdirSync(folder)).toEqual(['.tandem-lock']);
  });

  test('that is gone by then is taken like a new one', () => {
    const path = join(freshFolder(), '.tandem-lock');
    writeFileSync(path, deadLine());
    const meddling = jobSteps(({ what, to }) => {
      if (what === 'link' && to?.includes('.tandem-lock-')) rmSync(path, { force: true });
    });
    const lock = acquireLock(path, 'convert', meddling);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ run: lock.run.id });
    lock.release();
  });

  test('that Tandem did not write stays', () => {
    const path = join(freshFolder(), '.tandem-lock');
    writeFileSync(path, 'hello\n');
    expect(thrownBy(() => acquireLock(path, 'convert', JOB_STEPS)).message).toContain('pid ? on ?');
    expect(readFileSync(path, 'utf8')).toBe('hello\n');
  });

  test('that was never written completely is dead after a minute', () => {
    const path = join(freshFolder(), '.tandem-lock');
    writeFileSync(path, '');
    expect(thrownBy(() => acquireLock(path, 'convert', JOB_STEPS)).code).toBe('ERR_TANDEM_LOCKED');
    const old = Date.now() / 1000 - 61;
    utimesSync(path, old, old);
    acquireLock(path, 'convert', JOB_STEPS).release();
  });

  test('that was removed by hand and taken by another is not released', () => {
    const path = join(freshFolder(), '.tandem-lock');
    const lock = acquireLock(path, 'convert', JOB_STEPS);
    const other = deadLine();
    writeFileSync(path, other);
    lock.release();
    expect(readFileSync(path, 'utf8')).toBe(other);
  });

  test('reports what is wrong with its folder', () => {
    expect(
      thrownBy(() => acquireLock(join(base, 'nowhere', '.tandem-lock'), 'convert', JOB_STEPS)).code,
    ).toBe('ERR_TANDEM_INPUT_MISSING');
    const file = join(base, 'a-file');
    writeFileSync(file, '');
    expect(thrownBy(() => acquireLock(join(file, '.tandem-lock'), 'convert', JOB_STEPS)).code).toBe(
      'ERR_TANDEM_INPUT_NOT_A_FOLDER',
    );
  });

  test('can be taken after a taker died at any step of its take-over', () => {
    class Death extends Error {}
    for (let last = 0, died = true; died; last++) {
      const folder = freshFolder();
      const path = join(folder, '.tandem-lock');
      writeFileSync(path, deadLine());
      let step = 0;
      // A death in this process: every later step fails too, as after the end of a process.
      const dying = jobSteps(() => {
        if (step++ >= last) throw new Death();
      });
      try {
        acquireLock(path, 'convert', dying).release();
        died = step > last;
      } catch (error) {
        if (!(error instanceof Death)) throw error;
      }
      // The leftovers name this living process; make them those of a dead one.
      for (const name of readdirSync(folder).filter((one) => one.startsWith('.tandem-lock'))) {
        const file = join(folder, name);
        const { pid, started } = newRun();
        writeFileSync(
          file,
          readFileSync(file, 'utf8').replaceAll(`-${pid}-${started}-`, `-${pid}-${started + 1}-`),
        );
      }
      const lock = acquireLock(path, 'convert', JOB_STEPS);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ run: lock.run.id });
    }
  });

  test('is won by exactly one of many processes, again and again', async () => {
    const folder = freshFolder();
    const path = join(folder, '.tandem-lock');
    const rounds = 40;
    const takers = 4;
    // All takers wait for the same moment, try, and write down what they got; the winner keeps the lock to
    // the end of the round.
    const source = `
      import { appendFileSync, readFileSync } from 'node:fs';
      const { acquireLock, JOB_STEPS } = product;
      const [path, log, start] = process.argv.slice(-3);
      const pause = (until) => { while (Date.now() < until); };
      for (let round = 0; round < ${rounds}; round++) {
        const at = Number(start) + round * 50;
        pause(at);
        let lock = null;
        try { lock = acquireLock(path + '-' + round, 'convert', JOB_STEPS); } catch (error) { if (error.code !== 'ERR_TANDEM_LOCKED') throw error; }
        if (lock !== null) appendFileSync(log, round + '\\n');
        pause(at + 40);
      }
      // What a process that has ended held would be dead.
      appendFileSync(log, 'done\\n');
      while (readFileSync(log, 'utf8').split('done').length <= ${takers});`;
    for (let round = 0; round < rounds; round++) writeFileSync(`${path}-${round}`, deadLine());
    const log = join(folder, 'log');
    const start = String(Date.now() + 600);
    const ends = await Promise.all(
      Array.from({ length: takers }, () => runModule(source, [path, log, start])),
    );
    expect(ends.map(({ stderr }) => stderr)).toEqual(Array.from({ length: takers }, () => ''));
    const won = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line !== 'done')
      .map(Number)
      .sort((one, other) => one - other);
    expect(won).toEqual(Array.from({ length: rounds }, (_, round) => round));
  });
});
