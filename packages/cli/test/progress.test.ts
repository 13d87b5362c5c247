import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { progressText } from '../src/report/progress.ts';
import { BIN, manyPhotos, shell } from './support.ts';

describe('the progress of a run', () => {
  it('shows the time left if the total is known', () => {
    const state = { files: 1200, bytes: 3e6, seconds: 4 };
    expect(progressText('validate', state, null)).toBe('validate  1,200 files  300/s  3.0 MB  0:04');
    expect(progressText('validate', state, 2400)).toContain('50 %  1,200 of 2,400  300/s  3.0 MB  0:04 left');
  });

  // A slow reader of rows makes the run last, with so many rows that the pipe cannot hold most of them.
  it.skipIf(!existsSync('/usr/bin/script') || process.platform !== 'linux')(
    'is shown on a terminal',
    async () => {
      const root = manyPhotos(8000);
      const slow =
        'process.stdin.on("data", () => { process.stdin.pause(); setTimeout(() => process.stdin.resume(), 100); })';
      const line = `'${process.execPath}' '${join(BIN, 'tandem')}' sidecar validate --input '${root}' --ndjson | '${process.execPath}' -e '${slow}'`;
      const { stdout } = await shell(`script -qec "$LINE" /dev/null`, {
        env: { ...process.env, LINE: `stty cols 120; ${line}` },
      });
      expect(stdout).toMatch(/validate {2}[\d,]+ files {2}[\d,]+\/s {2}[\d.]+ [kM]?B {2}0:0\d/);
    },
  );
});
