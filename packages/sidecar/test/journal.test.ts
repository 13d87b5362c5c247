import { join } from 'node:path';
import { FileSteps } from '@tandem/files';
import { describe, expect, test } from 'vitest';
import { JournalReader, JournalWriter } from '../src/store/journal.ts';
import { temporaryFolder } from './store-files.ts';

const base = temporaryFolder();

describe('a journal', () => {
  test('gives back rows to the byte, the last line of a batch, and no line that was cut', () => {
    const path = join(base, 'journal');
    const row = '{"file_path":"\\u0001é\\ud800","n":null}';
    const one = { batch: 0, cursor: 'YQ==', totals: '{"items":1,"skipped":{}}', bytes: 7, rows: [row] };
    const writer = new JournalWriter(path);
    writer.write(one);
    writer.write({ ...one, batch: 1, cursor: 'Yg==', rows: [row, row] });
    writer.write({ ...one, bytes: 8 });
    writer.close();
    const steps = new FileSteps();
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
    const more = new JournalWriter(path);
    more.write({ ...one, batch: 2, cursor: 'Yw==' });
    more.close();
    expect(new JournalReader(path).read(2)).toEqual({ ...one, batch: 2, cursor: 'Yw==' });
  });

  test('that is not there has nothing in it', () => {
    expect(new JournalReader(join(base, 'nowhere')).batches).toBe(0);
  });
});
