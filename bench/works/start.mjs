// The cost of a command before it does anything.
import { tandem } from '../contestants.mjs';
import { contestantOf, goal } from '../goals.mjs';
import { race } from '../race.mjs';

const ROUNDS = 21;
const TARGET_MS = 15;

export async function start(settings) {
  const bare = { name: 'node -e 0', command: [process.execPath, '-e', '0'] };
  const version = { name: 'tandem --version', command: tandem('--version') };
  const outcome = await race([bare, version], { ...settings, rounds: ROUNDS, base: bare.name });
  const times = [version, bare].map(({ name }) => contestantOf(outcome, name)?.wall.median);
  const more = times.includes(undefined) ? null : times[0] - times[1];
  return {
    work: 'start',
    label: 'no files',
    files: 0,
    ...outcome,
    goals: [goal(version.name, more, TARGET_MS, 'ms over node -e 0')],
  };
}
