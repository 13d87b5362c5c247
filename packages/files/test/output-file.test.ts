import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OutputFile } from '../src/output-file.ts';
import { temporaryFolder } from './store-files.ts';

describe('an output file', () => {
  test('leaves no listener behind, however many are written', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'report.json');
    const before = process.listenerCount('exit');
    const [kept, discarded] = [await OutputFile.open(path), await OutputFile.open(path)];
    expect(process.listenerCount('exit')).toBe(before + 1);
    await kept.write('kept');
    await kept.commit();
    expect(process.listenerCount('exit')).toBe(before + 1);
    await discarded.write('discarded');
    await discarded.discard();
    expect(process.listenerCount('exit')).toBe(before);
    expect(readFileSync(path, 'utf8')).toBe('kept');
    expect(readdirSync(folder)).toEqual(['report.json']);
  });
});
