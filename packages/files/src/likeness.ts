import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import { toFsPath } from './raw-path.ts';
import { realPath } from './real-path.ts';
import { writeErrorCode } from './system-error.ts';

/** Two raw paths: a file, and the one that receives what the first has besides its bytes. */
export interface Likeness {
  readonly from: string;
  readonly to: string;
}

/**
 * Copies owner, permissions, ACL, extended attributes and, on request, times; returns for each pair the
 * error, or null if it is done.
 */
export type MakeLike = (pairs: readonly Likeness[], withTimes: boolean) => (ErrorCode | null)[];

const SIDES = ['from', 'to'] as const;

/** The messages of the C library, untranslated. */
const WORDS: readonly (readonly [string, ErrorCode])[] = [
  ['No space left on device', 'ERR_TANDEM_NO_SPACE'],
  ['Disk quota exceeded', 'ERR_TANDEM_NO_SPACE'],
  ['No such file or directory', 'ERR_TANDEM_NOT_FOUND'],
];

/** Files per process. */
const MOST_AT_ONCE = 1024;

/**
 * Makes files like others. Node has no call for ACLs and extended attributes, and rounds times. On Linux GNU
 * cp copies them, on macOS the call behind copyFile. The result is checked, so that a cp with fewer abilities
 * is detected.
 */
export const makeLike: MakeLike = (pairs, withTimes) => {
  if (process.platform === 'win32') return pairs.map((pair) => guarded(() => copyTimes(pair, withTimes)));
  if (process.platform === 'darwin') return pairs.map((pair) => guarded(() => copyOnMac(pair, withTimes)));
  const codes: (ErrorCode | null)[] = [];
  for (let at = 0; at < pairs.length; at += MOST_AT_ONCE) {
    codes.push(...byCp(pairs.slice(at, at + MOST_AT_ONCE), withTimes));
  }
  return codes;
};

/**
 * The error for a file that did not get what it should have; a full disk or a missing file has its own code.
 */
export function likenessCode(error: unknown): ErrorCode {
  const code = writeErrorCode(error);
  if (code === null) throw error;
  return code === 'ERR_TANDEM_UNWRITABLE' ? 'ERR_TANDEM_NOT_KEPT' : code;
}

function guarded(work: () => void): ErrorCode | null {
  try {
    work();
    return null;
  } catch (error) {
    return likenessCode(error);
  }
}

/**
 * One process for many files of any folders: it gets links to them, under names that both sides share and
 * that fit on a command line.
 */
function byCp(pairs: readonly Likeness[], withTimes: boolean): (ErrorCode | null)[] {
  let farm = '';
  let codes: ReadonlyMap<number, ErrorCode> | ErrorCode;
  try {
    farm = newFarm();
    const here = `${realPath('.')}/`;
    for (const side of SIDES) {
      mkdirSync(join(farm, side));
      for (const [index, pair] of pairs.entries()) {
        const path = pair[side];
        symlinkSync(toFsPath(path.startsWith('/') ? path : here + path), `${farm}/${side}/${index}`);
      }
    }
    codes = runCp(farm, pairs.length, withTimes);
  } catch (error) {
    codes = likenessCode(error);
  } finally {
    if (farm !== '') removeFarm(farm, pairs.length);
  }
  if (typeof codes === 'string') return pairs.map(() => codes as ErrorCode);
  return pairs.map((pair, index) => codes.get(index) ?? guarded(() => look(pair, withTimes)));
}

/**
 * In memory where there is such a folder: thousands of links on a busy disk take longer than everything else.
 */
function newFarm(): string {
  try {
    return mkdtempSync('/dev/shm/tandem-');
  } catch {
    return mkdtempSync(join(tmpdir(), 'tandem-'));
  }
}

/**
 * Name by name: rm -r would list them first. If this fails, a few links remain in a folder that the system
 * clears.
 */
function removeFarm(farm: string, count: number): void {
  try {
    for (const side of SIDES) {
      for (let index = 0; index < count; index++) unlinkSync(`${farm}/${side}/${index}`);
      rmdirSync(join(farm, side));
    }
    rmdirSync(farm);
  } catch {
    // It lies in the folder for temporary files, and holds links alone.
  }
}

/** The errors of cp for single files, or the reason why it does nothing at all. */
function runCp(farm: string, count: number, withTimes: boolean): ReadonlyMap<number, ErrorCode> | ErrorCode {
  const preserve = `--preserve=mode,ownership,xattr${withTimes ? ',timestamps' : ''}`;
  const names = Array.from({ length: count }, (_, index) => `from/${index}`);
  const { error, status, stderr } = spawnSync('cp', ['--attributes-only', preserve, '-t', 'to', ...names], {
    cwd: farm,
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'latin1',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (error !== undefined) return errnoOf(error) === 'ENOENT' ? 'ERR_TANDEM_NO_CP' : 'ERR_TANDEM_NOT_KEPT';
  const codes = new Map<number, ErrorCode>();
  if (status === 0) return codes;
  for (const line of stderr.split('\n').slice(0, -1)) {
    // Security labels belong to the system, which has given the new file its own.
    if (/attribute '?security\./.test(line)) continue;
    const [, index] = /\b(?:from|to)\/(\d+)\b/.exec(line) ?? [];
    // This cp does not have the option.
    if (index === undefined) return 'ERR_TANDEM_NO_CP';
    codes.set(Number(index), WORDS.find(([words]) => line.endsWith(words))?.[1] ?? 'ERR_TANDEM_NOT_KEPT');
  }
  return codes;
}

/**
 * Throws, with the system's code, if owner, permissions or the time of the last change are not as requested.
 */
function look({ from, to }: Likeness, withTimes: boolean): void {
  const [one, other] = [from, to].map((path) => lstatSync(toFsPath(path), { bigint: true }));
  const isAlike =
    one?.uid === other?.uid &&
    one?.gid === other?.gid &&
    one?.mode === other?.mode &&
    (!withTimes || one?.mtimeNs === other?.mtimeNs);
  if (!isAlike) throw Object.assign(new Error('another owner, mode or time'), { code: 'EPERM' });
}

/** copyfile(3) copies the bytes too; the original bytes are restored afterwards. */
function copyOnMac(pair: Likeness, withTimes: boolean): void {
  const to = toFsPath(pair.to);
  const bytes = readFileSync(to);
  copyFileSync(toFsPath(pair.from), to);
  const mode = lstatSync(to).mode & 0o7777;
  chmodSync(to, mode | 0o200);
  writeFileSync(to, bytes);
  chmodSync(to, mode);
  copyTimes(pair, withTimes);
  look(pair, false);
}

/** As exactly as Node takes them: to a microsecond. */
function copyTimes({ from, to }: Likeness, withTimes: boolean): void {
  if (!withTimes) return;
  const { atimeNs, mtimeNs } = lstatSync(toFsPath(from), { bigint: true });
  utimesSync(toFsPath(to), Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
}
