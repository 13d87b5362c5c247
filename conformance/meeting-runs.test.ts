import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@tandem/engine';
import { convert } from '@tandem/sidecar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DISK } from '../packages/files/test/store-files.ts';
import { Actor, type ActorOptions, canBeApart, type Deed, slowingLibrary } from './meeting/actor.ts';
import { filesBelow, findDocuments, isIntact, type Planted, plantDocuments } from './meeting/documents.ts';

/**
 * Runs and saves that meet in one tree, each in a process of its own: whatever they do to each other, at the
 * end each document exists once and is whole.
 */

const ROUNDS = 200;
const SEED = 20_261_122;
const NATIVE = process.env['TANDEM_ENGINE'] === 'native';
const base = mkdtempSync(join(DISK, 'tandem-meeting-'));
const preload = slowingLibrary(base);
const apart = canBeApart();
/** Most of a round is waiting, so several are played at once, each by actors of its own. */
const AT_ONCE = 3;
let casts: Actor[][] = [];

beforeAll(() => {
  casts = Array.from({ length: AT_ONCE }, () => CAST.map((options) => new Actor(options)));
});

afterAll(async () => {
  await Promise.all(casts.flat().map((actor) => actor.kill()));
  rmSync(base, { recursive: true, force: true });
});

/**
 * Over the projects of both engines, every pair of engines meets. One actor runs in a process namespace of
 * its own, where it and the others cannot see each other's processes.
 */
const CAST: ActorOptions[] = [
  { engine: NATIVE ? 'native' : 'typescript', apart: false, preload },
  { engine: 'typescript', apart: false, preload },
  { engine: NATIVE ? 'native' : 'typescript', apart, preload },
];

/** mulberry32: a round can be repeated from its seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const OPERATIONS = ['yolov8', 'object_detection', 'quality_assessment'];

/** What an actor does in a round: one convert, a cleanup with or without an undo, or several saves. */
function deedsOf(
  random: (below: number) => number,
  root: string,
  planted: readonly Planted[],
  operation: string,
): Deed[] {
  const input = root + (['', '', '/a', '/a/deep', '/b'][random(5)] as string);
  switch (random(8)) {
    case 0:
      return [{ do: 'cleanup', input }];
    case 1:
      return [
        { do: 'cleanup', input },
        { do: 'undo', input },
      ];
    case 2:
    case 3: {
      const images = planted.filter(({ hasImage }) => hasImage);
      return Array.from({ length: 10 }, (_, value) => {
        const { stem } = images[random(images.length)] as Planted;
        return { do: 'save', image: `${root}/${stem}.jpg`, operation, value: { value } };
      });
    }
    default: {
      const format = ['bin', 'json', 'rkyv', 'bin'][random(4)] as string;
      return [{ do: 'convert', input, format, durability: random(4) === 0 ? 'full' : 'none' }];
    }
  }
}

/**
 * The saves of one operation into one image: the last acknowledged value, and the values after it that were
 * not acknowledged.
 */
type Saves = Map<string, { acknowledged: unknown; open: unknown[] }>;

async function play(actor: Actor, deeds: readonly Deed[], saves: Saves, ends: Set<string>): Promise<boolean> {
  for (const deed of deeds) {
    const ending = await actor.perform(deed);
    if (deed.do === 'save') note(saves, deed, ending?.code === null);
    if (ending === null) return false;
    if (ending.code !== null) ends.add(ending.code);
  }
  return true;
}

function note(
  saves: Saves,
  { image, operation, value }: Deed & { do: 'save' },
  isAcknowledged: boolean,
): void {
  const key = `${image}\n${operation}`;
  const known = saves.get(key) ?? { acknowledged: undefined, open: [] };
  saves.set(
    key,
    isAcknowledged ? { acknowledged: value, open: [] } : { ...known, open: [...known.open, value] },
  );
}

describe.skipIf(process.platform === 'win32')('runs and saves that meet', () => {
  it(`lose nothing in ${ROUNDS} rounds`, async () => {
    const ends = new Set<string>();
    let next = 0;
    const rounds = async (actors: Actor[]): Promise<void> => {
      while (next < ROUNDS) await playRound(next++, actors, ends);
    };
    await Promise.all(casts.map(rounds));
    // They do not meet in every round; but if no run or save was ever refused, the test would prove nothing.
    expect([...ends].filter((code) => !EXPECTED.has(code))).toEqual([]);
    expect(ends).toContain('ERR_TANDEM_LOCKED');
  }, 1_200_000);

  it('lose nothing when two converts run in opposite directions, over two paths of which neither contains the other', async () => {
    const mount = join(base, 'mount');
    mkdirSync(mount);
    const ends = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const root = `${base}/opposite-${round}`;
      mkdirSync(root);
      const planted = plantDocuments(root, ['', 'sub/'], 250);
      const isMounted = round % 2 === 0 && spawnSync('mount', ['--bind', `${root}/sub`, mount]).status === 0;
      const below = isMounted ? mount : `${root}/sub`;
      const saves: Saves = new Map();
      // Not the actor in its own namespace: its mounts are separate too.
      const [one, other] = casts[0] as [Actor, Actor];
      const down = play(
        one,
        [{ do: 'convert', input: root, format: 'bin', durability: 'none' }],
        saves,
        ends,
      );
      await new Promise((resolve) => setTimeout(resolve, 50 * round));
      await play(other, [{ do: 'convert', input: below, format: 'json', durability: 'none' }], saves, ends);
      await down;
      if (isMounted) execFileSync('umount', [mount]);
      await expectAllThere(root, planted, saves, `round ${round}`);
    }
    expect([...ends].filter((code) => code !== 'ERR_TANDEM_LOCKED')).toEqual([]);
  }, 300_000);
});

async function playRound(round: number, actors: Actor[], ends: Set<string>): Promise<void> {
  const random = randomOf(SEED + round);
  const root = `${base}/${round}`;
  mkdirSync(root);
  const planted = plantDocuments(root, ['', 'a/', 'a/deep/', 'a/deep/er/', 'b/'], 12);
  const saves: Saves = new Map();
  const killed = random(4) === 0 ? random(CAST.length) : -1;
  const played = actors.map((actor, at) =>
    play(actor, deedsOf(random, root, planted, OPERATIONS[at] as string), saves, ends),
  );
  if (killed >= 0) {
    await new Promise((resolve) => setTimeout(resolve, random(60)));
    await (actors[killed] as Actor).kill();
    actors[killed] = new Actor(CAST[killed] as ActorOptions);
  }
  await Promise.all(played);
  // The others cannot see whether the process of this actor is alive: end its leases, as if a minute had
  // passed.
  if (killed >= 0 && CAST[killed]?.apart) endLeases(root);
  await expectAllThere(root, planted, saves, `round ${round}`);
  rmSync(root, { recursive: true });
}

function endLeases(root: string): void {
  const over = Date.now() / 1000 - LIMITS.lockLeaseMs / 1000 - 1;
  for (const path of filesBelow(root)) if (/\/\.tandem-lock[^/]*$/.test(path)) utimesSync(path, over, over);
}

/** The errors that may end a run or a save that meets another. */
const EXPECTED = new Set([
  'ERR_TANDEM_LOCKED',
  'ERR_TANDEM_NOT_FOUND',
  'ERR_TANDEM_CHANGED',
  'ERR_TANDEM_NO_IMAGES',
]);

/** A last convert, run alone, brings all documents to one form: then each exists once and has its content. */
async function expectAllThere(
  root: string,
  planted: readonly Planted[],
  saves: Saves,
  round: string,
): Promise<void> {
  expect({ round, failed: await lastConvert(root) }).toEqual({ round, failed: [] });
  const found = findDocuments(root);
  const wrong = planted.flatMap(({ number }) => {
    const all = found.get(number) ?? [];
    const there = all.filter(({ path }) => !path.includes('/.tandem-quarantine/'));
    // A killed undo may have left a second name in the quarantine, which the next undo handles.
    const isOnce = there.length === 1 || (there.length === 0 && all.length > 0);
    return isOnce && all.every((each) => isIntact(each, number))
      ? []
      : [{ number, paths: all.map(({ path }) => path) }];
  });
  expect({ round, wrong, strange: found.get(-1) }).toEqual({ round, wrong: [], strange: undefined });
  const scratch = filesBelow(root).filter((path) => /\/\.tandem-(?!quarantine)/.test(path));
  expect({ round, scratch: scratch.filter((path) => !/-0$|\.tandem-lock-/.test(path)) }).toEqual({
    round,
    scratch: [],
  });
  for (const [key, { acknowledged, open }] of saves) {
    if (acknowledged === undefined) continue;
    const [image = '', operation = ''] = key.split('\n');
    const { stem, number } = planted.find((each) => image === `${root}/${each.stem}.jpg`) as Planted;
    const all = found.get(number) ?? [];
    const one = all.find(({ path }) => !path.includes('/.tandem-quarantine/')) ?? all[0];
    const says = one?.says[operation];
    const allowed = [acknowledged, ...open].map((value) => JSON.stringify(value));
    expect(allowed, `${round}: ${stem} ${operation}`).toContain(JSON.stringify(says));
  }
}

/** Returns what failed. */
async function lastConvert(root: string): Promise<string[]> {
  const report = await convert({ input: root, format: 'json', durability: 'none', layout: 'ndjson' });
  const failed: string[] = [];
  for await (const row of report.rows()) {
    if (row.status === 'failed') failed.push(`${row.file_path}: ${row.error_code}: ${row.error}`);
  }
  return failed;
}
