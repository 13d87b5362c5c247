// Peak memory of a whole process that writes one row per line: it must not grow with the number of files.
import { sidecar } from '../contestants.mjs';
import { contestantOf, goal } from '../goals.mjs';
import { race } from '../race.mjs';

const LIMIT_MB = 150;
/** Allows for the noise of a garbage collector, and no more. */
const GROWTH = 1.25;

/** @param {{dir: string, files: number, label: string}[]} places from small to large */
export async function memory(places, settings) {
  const works = [];
  for (const { dir, files, label } of places) {
    const contestants = ['native', 'typescript'].map((engine) =>
      sidecar(engine, 'validate', dir, '--ndjson'),
    );
    const outcome = await race(contestants, { ...settings, base: 'native' });
    const goals = outcome.contestants.map((one) => goal(one.name, megabytes(one), LIMIT_MB, 'MB'));
    works.push({ work: 'validate --ndjson, memory', label, files, ...outcome, goals });
  }
  if (works.length > 1) {
    const [small, large] = [works[0], works.at(-1)];
    for (const one of large.contestants) {
      const before = contestantOf(small, one.name);
      const growth = before === undefined ? null : megabytes(one) / megabytes(before);
      large.goals.push(goal(one.name, growth, GROWTH, `x the memory at ${small.label}`));
    }
  }
  return works;
}

function megabytes(contestant) {
  return contestant.memory.median / 1e6;
}
