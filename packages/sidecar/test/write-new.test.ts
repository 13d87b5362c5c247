import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileStep, newRun } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../files/test/store-files.ts';
import { writeNew } from '../src/store/write-new.ts';

const base = temporaryFolder();
const here = process.cwd();
afterEach(() => process.chdir(here));

function written(path: string): { isNew: boolean; synced: string[]; unlinked: number } {
  const steps: FileStep[] = [];
  const watching = jobSteps((step) => steps.push(step));
  const isNew = writeNew(path, Buffer.from('new'), newRun().id, 1, watching);
  const synced = steps.filter(({ what }) => what === 'sync-folder').map((step) => step.path);
  return { isNew, synced, unlinked: steps.filter(({ what }) => what === 'unlink').length };
}

test('a new file is durable with its name, and never replaces another', () => {
  mkdirSync(join(base, 'a'));
  expect(written(join(base, 'a/x'))).toEqual({ isNew: true, synced: [`${base}/a/`], unlinked: 1 });
  expect(written(join(base, 'a/x'))).toEqual({ isNew: false, synced: [], unlinked: 1 });
  expect([readFileSync(join(base, 'a/x'), 'utf8'), readdirSync(join(base, 'a'))]).toEqual(['new', ['x']]);
});

test('a bare name is one in the working folder', () => {
  mkdirSync(join(base, 'b'));
  process.chdir(join(base, 'b'));
  expect(written('x')).toEqual({ isNew: true, synced: ['.'], unlinked: 1 });
});
