// A watch after one changed file, compared with a build of all files: from the change to the renamed output,
// in one process.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, ROOT } from '../../scripts/lib/processes.mjs';
import { waitForQuiet } from '../clock.mjs';
import { scratch } from '../corpora.mjs';
import { contestantOf, goal } from '../goals.mjs';
import { spreadOf } from '../race.mjs';

const TURNS = 15;
const MOST = 1.2;

export async function schemaWatch({ dir, files, label }, settings) {
  const engines = process.env['TANDEM_BENCH_NATIVE'] === '0' ? ['typescript'] : ['native', 'typescript'];
  const contestants = [];
  for (const engine of engines) {
    contestants.push(...(await contest({ dir, engine }, settings)));
  }
  const ratio = (name) => contestantOf({ contestants }, name)?.ratio.median ?? null;
  return {
    work: 'schema watch, from a change to the renamed output',
    label,
    files,
    base: 'a build of all',
    rounds: settings.rounds,
    contestants,
    absent: [],
    goals: engines.map((engine) => goal(engine, ratio(engine), MOST, 'x a build of all, same engine')),
  };
}

/** One process per round, with several turns in it. */
async function contest({ dir, engine }, settings) {
  const folder = scratch('schema-watch');
  mkdirSync(folder, { recursive: true });
  const rounds = [];
  for (let round = 0; round < settings.rounds; round++) {
    await waitForQuiet(settings.patience);
    const script = join(ROOT, 'bench', 'works', 'schema-watch-process.mjs');
    const { status, stdout, stderr } = await capture(process.execPath, [
      script,
      dir,
      folder,
      String(TURNS),
      engine,
    ]);
    if (status !== 0) {
      throw new Error(`schema watch: ${stderr}`);
    }
    rounds.push(JSON.parse(stdout));
  }
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      name: `${engine}, a build of all`,
      microseconds: spreadOf(rounds.map(({ full }) => full * 1000)),
      ratio: spreadOf(rounds.map(() => 1)),
    },
    {
      name: engine,
      microseconds: spreadOf(rounds.map(({ rebuild }) => rebuild * 1000)),
      ratio: spreadOf(rounds.map(({ full, rebuild }) => rebuild / full)),
    },
    {
      name: `${engine}, to the event with what check finds`,
      microseconds: spreadOf(rounds.map(({ told }) => told * 1000)),
      ratio: spreadOf(rounds.map(({ full, told }) => told / full)),
    },
  ];
}
