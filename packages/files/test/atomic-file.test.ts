import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AtomicFile, writeAtomically } from '../src/atomic-file.ts';
import { FileSteps } from '../src/file-steps.ts';
import { newRun } from '../src/run-id.ts';
import { sweepScratch } from '../src/sweep-scratch.ts';

const base = mkdtempSync(join(tmpdir(), 'tandem-files-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const run = newRun().id;
const isRoot = process.getuid?.() === 0;
let folders = 0;
function freshFolder(): string {
  folders += 1;
  const folder = join(base, `write-${folders}`);
  mkdirSync(folder);
  return folder;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('AtomicFile', () => {
  test('is durable but has no name when it is settled, and can still be discarded', () => {
    const folder = freshFolder();
    const path = join(folder, 'a.json');
    writeFileSync(path, 'old');
    const log: string[] = [];
    const steps = new FileSteps(({ what }) => log.push(what));
    const taken = new AtomicFile(path, { run, steps });
    taken.write(Buffer.from('taken back'));
    taken.settle();
    expect(log.at(-1)).toBe('sync');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readFileSync(taken.scratch, 'utf8')).toBe('taken back');
    taken.discard();
    expect(readdirSync(folder)).toEqual(['a.json']);

    const kept = new AtomicFile(path, { run });
    kept.write(Buffer.from('new'));
    kept.settle();
    kept.commit();
    kept.discard();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['a.json']);
  });
});

describe('sweepScratch', () => {
  test('removes the scratch of dead runs, and nothing else', () => {
    const folder = freshFolder();
    const { host, scope, started, id } = newRun();
    // A larger number than any process has.
    const dead = `.tandem-${host}-${scope}-4194999-${started}-r00000000`;
    const kept = [
      `.tandem-${id}-0`,
      `${dead}-1`,
      '.tandem-elsewhere-s0-1-1-r00000000-0',
      '.tandem-lock',
      'a-0',
    ];
    for (const name of [`${dead}-0`, ...kept]) writeFileSync(join(folder, name), '');
    sweepScratch(`${folder}/`);
    expect(readdirSync(folder).sort()).toEqual([...kept].sort());
    sweepScratch(`${folder}/nowhere/`);
  });
});

describe('writeAtomically', () => {
  test('makes a new file, with the mode bits that the umask leaves', () => {
    const path = join(freshFolder(), 'a.json');
    writeAtomically(path, Buffer.from('{}'), { run });
    expect(readFileSync(path, 'utf8')).toBe('{}');
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('replaces a file and keeps its mode bits', () => {
    const path = join(freshFolder(), 'a.json');
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    writeAtomically(path, Buffer.from('new'), { run });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test.skipIf(!isRoot)('keeps the owner', () => {
    const path = join(freshFolder(), 'a.json');
    writeFileSync(path, 'old');
    chownSync(path, 1234, 2345);
    writeAtomically(path, Buffer.from('new'), { run });
    expect([statSync(path).uid, statSync(path).gid]).toEqual([1234, 2345]);
  });

  test('replaces a link instead of writing through it', () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'target'), 'old');
    symlinkSync('target', join(folder, 'a.json'));
    writeAtomically(join(folder, 'a.json'), Buffer.from('new'), { run });
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('old');
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('new');
  });

  test('syncs the file before the rename, and the folder after it', () => {
    const folder = freshFolder();
    const path = join(folder, 'a.json');
    writeFileSync(path, 'old');
    const log: string[] = [];
    writeAtomically(path, Buffer.from('new'), { run, steps: new FileSteps(({ what }) => log.push(what)) });
    expect(log.filter((what) => what !== 'owner' && what !== 'mode')).toEqual([
      'create',
      'write',
      'sync',
      'rename',
      'sync-folder',
    ]);
  });

  test.each([
    ['ENOSPC', 'ERR_TANDEM_NO_SPACE'],
    ['EDQUOT', 'ERR_TANDEM_NO_SPACE'],
    ['EACCES', 'ERR_TANDEM_UNWRITABLE'],
    ['EPERM', 'ERR_TANDEM_UNWRITABLE'],
    ['EROFS', 'ERR_TANDEM_UNWRITABLE'],
    ['EIO', 'ERR_TANDEM_UNWRITABLE'],
    ['ENOENT', 'ERR_TANDEM_NOT_FOUND'],
  ])('reports %s as %s at any step, and leaves only the old file', (errno, code) => {
    for (const failing of ['create', 'write', 'mode', 'sync', 'rename'] as const) {
      const folder = freshFolder();
      const path = join(folder, 'a.json');
      writeFileSync(path, 'old');
      const steps = new FileSteps(({ what }) => {
        if (what === failing) throw systemError(errno);
      });
      expect(() => writeAtomically(path, Buffer.from('new'), { run, steps })).toThrow(
        expect.objectContaining({ code }),
      );
      expect(readdirSync(folder)).toEqual(['a.json']);
      expect(readFileSync(path, 'utf8')).toBe('old');
    }
  });

  test('does not report a programming error under a code', () => {
    const steps = new FileSteps(() => {
      throw new TypeError('a mistake');
    });
    expect(() => writeAtomically(join(freshFolder(), 'a'), Buffer.from(''), { run, steps })).toThrow(
      TypeError,
    );
  });

  test('reports a missing folder', () => {
    expect(() => writeAtomically(join(base, 'nowhere', 'a'), Buffer.from(''), { run })).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_NOT_FOUND' }),
    );
  });
});
