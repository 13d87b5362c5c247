// json to bin in a folder that is restored before each run, compared with a program that does only what is
// necessary.

import { copyFloor, FLOOR, PROOFS, peer, sidecar } from '../contestants.mjs';
import { remove, restore, scratch } from '../corpora.mjs';
import { goal, ratioOf } from '../goals.mjs';
import { race } from '../race.mjs';

/** The number of files that the native engine writes between two syncs. */
const GROUP = 4096;

/** @returns {Promise<object[]>} one work without syncs, one durable */
export async function convert(place, settings) {
  const { dir: original, files, label } = place;
  const dir = scratch('convert');
  const prepare = () => restore(original, dir);
  const engine = (name, durability) => {
    const entry = sidecar(name, 'convert', dir, '--format', 'bin', ...durability);
    return { ...entry, prepare, proof: PROOFS.convert };
  };
  const run = (contestants, base) => race(contestants, { ...settings, files, base, writes: true });

  const loose = await run(
    [
      { ...copyFloor(dir, 0), prepare },
      engine('native', ['--durability', 'none']),
      engine('typescript', ['--durability', 'none']),
      ...settings.peers.map((path) => ({ ...peer(path, 'convert', dir, '--format', 'bin'), prepare })),
    ],
    FLOOR,
  );
  const durable = await run(
    [{ ...copyFloor(dir, GROUP), prepare }, engine('native', []), engine('typescript', [])],
    `${FLOOR}, synced`,
  );
  remove(dir);
  return [
    {
      work: 'convert, nothing synced',
      label,
      files,
      ...loose,
      goals: [goal('native', ratioOf(loose, 'native'), 1.4, 'x the floor')],
    },
    {
      work: 'convert, durable',
      label,
      files,
      ...durable,
      goals: [goal('native', ratioOf(durable, 'native'), 1.5, 'x the floor')],
    },
  ];
}
