import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { JOB_STEPS, jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import type { FileStep } from '../src/file-steps.ts';
import {
  type JournaledBatch,
  JournalReader,
  JournalWriter,
  journalName,
  runOfJournal,
} from '../src/journal.ts';
import { newRun } from '../src/run-id.ts';
import { temporaryFolder } from './store-files.ts';

const base = temporaryFolder();
const ONE: JournaledBatch = { batch: 0, cursor: 'YQ==', totals: '{}', bytes: 7, rows: ['{"n":1}'] };

describe('a journal', () => {
  test('gives back rows to the byte, the last line of a batch, and no truncated line', () => {
    const path = join(base, 'journal');
    const row = '{"file_path":"\\u0001é\\ud800","n":null}';
    const one = { batch: 0, cursor: 'YQ==', totals: '{"items":1,"skipped":{}}', bytes: 7, rows: [row] };
    const writer = new JournalWriter(path, JOB_STEPS);
    writer.write(one);
    writer.write({ ...one, batch: 1, cursor: 'Yg==', rows: [row, row] });
    writer.write({ ...one, bytes: 8 });
    writer.close();
    const steps = jobSteps();
    steps.write(steps.append(path), path, Buffer.from('{"batch":2,"cursor":"Yw==","totals":{'));
    const reader = new JournalReader(path);
    expect(reader.batches).toBe(2);
    expect(reader.read(0)).toEqual({ ...one, bytes: 8 });
    expect(reader.read(1).rows).toEqual([row, row]);
    expect([reader.after(''), reader.after('YQ=='), reader.after('Yg=='), reader.after('eA==')]).toEqual([
      0, 1, 2, 2,
    ]);
    expect([reader.goesOnAfter(''), reader.goesOnAfter('YQ=='), reader.goesOnAfter('eA==')]).toEqual([
      'Yg==',
      'Yg==',
      'eA==',
    ]);
    const more = new JournalWriter(path, JOB_STEPS);
    more.write({ ...one, batch: 2, cursor: 'Yw==' });
    more.close();
    expect(new JournalReader(path).read(2)).toEqual({ ...one, batch: 2, cursor: 'Yw==' });
  });

  test('that does not exist is empty', () => {
    expect(new JournalReader(join(base, 'nowhere')).batches).toBe(0);
  });

  test('may have batches that are longer than one read', () => {
    const path = join(base, 'long');
    const rows = [1, 2].map((n) => `{"file_path":"${'x'.repeat(1_500_000)}${n}"}`);
    const batch = (n: number): JournaledBatch => {
      const text = rows[n] as string;
      return { batch: n, cursor: `Y${n}==`, totals: '{}', bytes: n, rows: [text, text] };
    };
    const writer = new JournalWriter(path, JOB_STEPS);
    for (const n of [0, 1]) writer.write(batch(n));
    writer.close();
    const reader = new JournalReader(path);
    expect(reader.batches).toBe(2);
    for (const n of [0, 1]) expect(reader.read(n)).toEqual(batch(n));
    truncateSync(path, 3_500_000);
    expect(() => reader.read(1)).toThrow('the journal was cut while it was read');
  });

  test('is opened once, and a line feed is added only after a truncated line', () => {
    const path = join(base, 'opened');
    const steps: FileStep[] = [];
    const watching = jobSteps((step) => steps.push(step));
    for (const batch of [0, 2]) {
      const writer = new JournalWriter(path, watching);
      writer.write({ ...ONE, batch });
      writer.write({ ...ONE, batch: batch + 1 });
      writer.close();
    }
    expect(steps.filter(({ what }) => what === 'append')).toHaveLength(2);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5);
  });

  test('is valid up to the first missing batch', () => {
    const path = join(base, 'gap');
    const writer = new JournalWriter(path, JOB_STEPS);
    for (const batch of [0, 1, 2, 4]) writer.write({ ...ONE, batch, cursor: `Y${batch}==` });
    writer.close();
    const reader = new JournalReader(path);
    expect([reader.batches, reader.goesOnAfter('')]).toEqual([3, 'Y2==']);
    const first = new JournalWriter(join(base, 'first'), JOB_STEPS);
    first.write({ ...ONE, batch: 1 });
    first.close();
    expect(new JournalReader(join(base, 'first')).batches).toBe(0);
  });

  test('is given up on a full disk, and on no other error', () => {
    const path = join(base, 'full');
    let writes = 0;
    const full = jobSteps(({ what }) => {
      if (what === 'write' && ++writes > 1) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });
    const writer = new JournalWriter(path, full);
    for (const batch of [0, 1, 2]) writer.write({ ...ONE, batch });
    writer.close();
    expect([writes, new JournalReader(path).batches]).toEqual([2, 1]);
    const broken = jobSteps(() => {
      throw new Error('a mistake');
    });
    expect(() => new JournalWriter(join(base, 'broken'), broken).write(ONE)).toThrow('a mistake');
  });

  test('without a batch resumes at the given cursor', () => {
    const reader = new JournalReader(join(base, 'nowhere'));
    expect([reader.goesOnAfter(''), reader.goesOnAfter('eA==')]).toEqual(['', 'eA==']);
  });

  test('is named after its run', () => {
    const run = newRun();
    expect(runOfJournal(journalName(run.id))).toEqual(run);
    expect([runOfJournal(run.id), runOfJournal('.tandem-journal-x')]).toEqual([null, null]);
  });
});
