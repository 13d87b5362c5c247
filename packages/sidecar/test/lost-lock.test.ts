import { writeFileSync } from 'node:fs';
import { LIMITS } from '@tandem/engine';
import { newRun } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { later } from '../../files/test/later.ts';
import { treeOf } from '../../files/test/store-files.ts';
import { FACE, treeMaker } from './convert-fixture.ts';
import { converted } from './convert-trees.ts';

const rootWith = treeMaker();
const NATIVE = process.env['TANDEM_ENGINE'] === 'native';
const LOST = expect.objectContaining({ code: 'ERR_TANDEM_LOCK_LOST' });
const OTHER = lockText(newRun(), { operation: 'convert' });

afterEach(() => {
  vi.useRealTimers();
});

describe('a run whose lock is lost', () => {
  test.skipIf(NATIVE)('makes no other change, and its finished work is whole', async () => {
    const names = ['a', 'b', 'c', 'sub/d', 'sub/e'];
    for (const lock of ['.tandem-lock', 'sub/.tandem-lock']) {
      const root = rootWith(Object.fromEntries(names.map((name) => [`${name}.json`, FACE])));
      let unlinked = 0;
      const after: string[] = [];
      const steps = jobSteps(({ what, path }) => {
        if (unlinked >= 2) after.push(path);
        if (what !== 'unlink' || !path.endsWith('.json') || ++unlinked !== 2) return;
        // It pauses before its second removal, and another run takes over.
        writeFileSync(`${root}/${lock}`, OTHER);
        later(LIMITS.lockRenewMs);
      });
      await expect(converted({ input: root, format: 'bin' }, steps)).rejects.toThrow(LOST);
      // It may still remove its own locks and its journal.
      expect(after.filter((path) => !path.includes('/.tandem-'))).toEqual([]);
      const left = [...treeOf(root).keys()];
      for (const name of names)
        expect(left.some((each) => each === `${name}.json` || each === `${name}.bin`)).toBe(true);
      vi.useRealTimers();
    }
  });
});
