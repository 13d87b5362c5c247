// validate and stats as whole processes, compared with the floor and with scripts that people write.
import { FLOOR, floor, PROOFS, peer, promises, python, sidecar } from '../contestants.mjs';
import { goal, ratioOf } from '../goals.mjs';
import { race } from '../race.mjs';

const TARGETS = {
  validate: { native: 1.6, typescript: 4 },
  stats: { native: 1.8, typescript: 5 },
};

/**
 * @param {'validate' | 'stats'} work
 * @param {{dir: string, files: number, label: string}} place
 * @param {boolean} withScripts also the contestants that take many times the floor
 */
export async function scan(work, place, withScripts, settings) {
  const { dir, files, label } = place;
  const contestants = [
    floor(dir),
    { ...sidecar('native', work, dir), proof: PROOFS[work] },
    { ...sidecar('typescript', work, dir), proof: PROOFS[work] },
    ...settings.peers.map((path) => peer(path, work, dir)),
    ...(withScripts ? [python(work, dir), promises(work, dir)] : []),
  ];
  const outcome = await race(contestants, { ...settings, files, base: FLOOR });
  const goals = Object.entries(TARGETS[work]).map(([engine, target]) =>
    goal(engine, ratioOf(outcome, engine), target, 'x the floor'),
  );
  return { work, label, files, ...outcome, goals };
}
