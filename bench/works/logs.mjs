// A log of 100 MiB as whole processes: counting, compared with wc and with the fastest that is known in plain Node; and
// templates.
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/processes.mjs';
import { tandem } from '../contestants.mjs';
import { made, placeOf } from '../corpora.mjs';
import { contestantOf, goal } from '../goals.mjs';
import { makeLog } from '../log-corpus.mjs';
import { race } from '../race.mjs';

const BYTES = 100 * 1024 * 1024;
const SEED = 1;
const FLOOR = 'wc -l';
const REGEX = 'Node, one expression';
const LINES = /([\d,]+) (?:lines|\S+service\.log)/;
const MOST_MEMORY = 120;

export async function logs(settings) {
  const dir = placeOf('log-100');
  const { lines } = made(dir, (to) => makeLog(to, { bytes: BYTES, seed: SEED }));
  const log = join(dir, 'service.log');
  const place = { log, lines, label: `100 MiB, ${lines.toLocaleString('en')} lines` };
  return [await counts(place, settings), await templates(place, settings)];
}

async function counts({ log, lines, label }, settings) {
  const start = { name: 'node -e 0', command: [process.execPath, '-e', '0'] };
  const regex = join(ROOT, 'bench', 'peers', 'log-regex.mjs');
  const contestants = [
    { name: FLOOR, command: ['wc', '-l', log], proof: LINES },
    start,
    { name: REGEX, command: [process.execPath, regex, log], proof: LINES },
    ...analyses(log, '--counts'),
  ];
  const outcome = await race(contestants, { ...settings, files: lines, base: FLOOR });
  const wall = (name) => contestantOf(outcome, name)?.wall.median;
  const more = (wall('native') - wall(start.name)) / wall(FLOOR);
  const toRegex = wall('typescript') / wall(REGEX);
  return {
    work: 'logs --counts',
    label,
    files: lines,
    ...outcome,
    goals: [
      goal('native', Number.isNaN(more) ? null : more, 2, `x ${FLOOR}, after Node's start`),
      goal('typescript', Number.isNaN(toRegex) ? null : toRegex, 1.1, `x ${REGEX}`),
    ],
  };
}

async function templates({ log, lines, label }, settings) {
  const outcome = await race(analyses(log), { ...settings, files: lines, base: 'native' });
  const wall = (name) => contestantOf(outcome, name)?.wall.median ?? null;
  const megabytes = (name) => (contestantOf(outcome, name)?.memory.median ?? Number.NaN) / 1e6;
  const perMillion = (name) => (wall(name) === null ? null : (wall(name) * 1e6) / lines / 1000);
  return {
    work: 'logs',
    label,
    files: lines,
    ...outcome,
    goals: [
      goal('native', perMillion('native'), 1, 's a million lines'),
      goal('typescript', perMillion('typescript'), 1 / 0.3, 's a million lines'),
      ...['native', 'typescript'].map((name) => goal(`${name}, memory`, megabytes(name), MOST_MEMORY, 'MB')),
    ],
  };
}

function analyses(log, ...args) {
  return ['native', 'typescript'].map((engine) => ({
    name: engine,
    command: tandem('logs', log, ...args, '--engine', engine, '--workers', '2'),
    proof: LINES,
  }));
}
