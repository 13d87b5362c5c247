import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '@tandem/sidecar';
import { describe, expect, it } from 'vitest';
import { progressText } from '../src/report/progress.ts';
import { TimeLeft, timeLeftText } from '../src/report/time-left.ts';
import { TreeShare } from '../src/report/tree-share.ts';
import { BIN, manyPhotos, scratchFolder, shell, write } from './support.ts';

const cursorOf = (path: string): string => Buffer.from(path).toString('base64');

describe('the share of a tree that is behind a walk', () => {
  it('is told by the place alone', async () => {
    const root = scratchFolder();
    write(root, {
      '1.json': '',
      '2.json': '',
      'a/3.json': '',
      'a/b/4.json': '',
      'c/x/y/5.json': '',
      'd/é.json': '',
    });
    mkdirSync(join(root, '.tandem-quarantine'));
    const tree = new TreeShare(root);
    // The root has four parts: its files, a, c, d; a has two: its files and b.
    const shares: [string, number][] = [
      ['/', 0],
      ['1.json', 1 / 8],
      ['2.json', 1 / 4],
      ['a/', 1 / 4],
      ['a/3.json', 3 / 8],
      ['a/b/4.json', 1 / 2],
      ['c/', 1 / 2],
      ['c/x/y/', 1 / 2],
      ['c/x/y/5.json', 3 / 4],
      ['d/é.json', 1],
      // What has another name by now, and what was never there.
      ['1.jso', 0],
      ['b/gone.json', 1 / 4],
      ['zzz/', 3 / 4],
    ];
    for (const [path, share] of shares) expect([path, await tree.at(cursorOf(path))]).toEqual([path, share]);
    expect(await new TreeShare(join(root, 'gone')).at(cursorOf('a/b.json'))).toBe(0);
  });

  it('grows with every batch of a run, to all of it', async () => {
    const root = manyPhotos(2500);
    const cursors: string[] = [];
    const report = await validate({ input: root, onProgress: ({ cursor }) => cursors.push(cursor) });
    for await (const _ of report.chunks());
    const tree = new TreeShare(root);
    const shares = [];
    for (const cursor of cursors) shares.push(await tree.at(cursor));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(new Set(shares).size).toBe(cursors.length);
    expect(shares.at(-1)).toBe(1);
    expect(readdirSync(root)).toHaveLength(5);
  });
});

describe('the time left', () => {
  it('is told once guesses agree', () => {
    const left = new TimeLeft();
    const told = [
      [0.001, 1],
      [0.1, 1],
      [0.1, 5],
      [0.2, 2],
      [0.3, 3],
      [0.4, 9],
    ].map(([share = 0, seconds = 0]) => {
      left.add(share, seconds);
      return left.at(seconds);
    });
    expect(told.slice(0, 4)).toEqual([null, null, null, null]);
    expect(told[4]).toBeCloseTo(7);
    expect(told[5]).toBeNull();
  });

  it('is told roughly', () => {
    expect([0.2, 9, 12, 99, 100, 5399, 5400].map(timeLeftText)).toEqual([
      'about 1 s left',
      'about 9 s left',
      'about 10 s left',
      'about 100 s left',
      'about 2 min left',
      'about 90 min left',
      'about 2 h left',
    ]);
  });

  it('ends the line', () => {
    const state = { files: 1200, bytes: 3e6, seconds: 4, cursor: '' };
    expect(progressText('validate', state, null, 42)).toBe(
      'validate  1,200 files  300/s  3.0 MB  0:04  about 40 s left',
    );
    expect(progressText('validate', state, null, null)).toBe('validate  1,200 files  300/s  3.0 MB  0:04');
    expect(progressText('validate', state, 2400, null)).toContain(
      '50 %  1,200 of 2,400  300/s  3.0 MB  0:04 left',
    );
  });

  // A reader of rows that is slow makes the run last; of so many that what the pipe holds at first is soon nothing beside it.
  it.skipIf(!existsSync('/usr/bin/script') || process.platform !== 'linux')(
    'shows on a terminal',
    async () => {
      const root = manyPhotos(8000);
      const slow =
        'process.stdin.on("data", () => { process.stdin.pause(); setTimeout(() => process.stdin.resume(), 100); })';
      const line = `'${process.execPath}' '${join(BIN, 'tandem')}' sidecar validate --input '${root}' --ndjson | '${process.execPath}' -e '${slow}'`;
      const { stdout } = await shell(`script -qec "$LINE" /dev/null`, {
        env: { ...process.env, LINE: `stty cols 120; ${line}` },
      });
      expect(stdout).toMatch(/validate {2}[\d,]+ files .* about \d+ (s|min) left/);
    },
  );
});
