// Building a schema from its files: in process, compared with a good Node script; and as a whole process,
// compared with find, sort, cat and sha256sum.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, ROOT } from '../../scripts/lib/processes.mjs';
import { waitForQuiet } from '../clock.mjs';
import { FLOOR, tandem } from '../contestants.mjs';
import { made, placeOf, scratch } from '../corpora.mjs';
import { contestantOf, goal } from '../goals.mjs';
import { race, spreadOf } from '../race.mjs';
import { makeSchemaCorpus } from '../schema-corpus.mjs';
import { schemaWatch } from './schema-watch.mjs';

const SEED = 1;
const CORPORA = [
  { files: 100, bytes: 2048, turns: 60 },
  { files: 1000, bytes: 2048, turns: 25 },
  { files: 10_000, bytes: 2048, turns: 7 },
  { files: 50, bytes: 200_000, turns: 25 },
];
const BASE = 'Node with Buffers';
/** The number of files in the project that whole processes build. */
const WHOLE = 10_000;
const START_MS = 60;
const MOST_MEMORY = 40e6;
const CACHE = join(ROOT, 'node_modules', '.cache');

export async function schema(settings) {
  const works = [];
  for (const { files, bytes, turns } of CORPORA) {
    works.push(await inProcess(project(files, bytes), turns, settings));
  }
  works.push(await wholeProcess(project(WHOLE, 2048), settings));
  works.push(await schemaWatch(project(WHOLE, 2048), settings));
  return works;
}

function project(files, bytes) {
  const dir = placeOf(`schema-${files}-${bytes}`);
  const size = bytes < 10_000 ? '2 kB' : '200 kB';
  return {
    dir,
    ...made(dir, (to) => makeSchemaCorpus(to, { files, bytes, seed: SEED })),
    label: `${files.toLocaleString('en')} files of ${size}`,
  };
}

/** One process per round, with several turns in it. */
async function inProcess({ dir, files, label }, turns, settings) {
  const folder = scratch('schema');
  mkdirSync(folder, { recursive: true });
  const rounds = [];
  for (let round = 0; round < settings.rounds; round++) {
    await waitForQuiet(settings.patience);
    const script = join(ROOT, 'bench', 'works', 'schema-process.mjs');
    const { status, stdout, stderr } = await capture(process.execPath, [script, dir, folder, String(turns)]);
    if (status !== 0) {
      throw new Error(`schema build: ${stderr}`);
    }
    rounds.push(JSON.parse(stdout));
  }
  rmSync(folder, { recursive: true, force: true });
  const contestants = Object.keys(rounds[0]).map((name) => ({
    name,
    microseconds: spreadOf(rounds.map((round) => round[name] * 1000)),
    ratio: spreadOf(rounds.map((round) => round[name] / round[BASE])),
  }));
  const ratio = (name) => contestants.find((one) => one.name === name)?.ratio.median ?? null;
  return {
    work: 'schema build, in process',
    label,
    files,
    base: BASE,
    rounds: rounds.length,
    contestants,
    absent: [],
    goals: [
      goal('native', ratio('native'), files < 1000 && label.endsWith(' 2 kB') ? 1.2 : 1, `x ${BASE}`),
      goal('typescript', ratio('typescript'), 1.5, `x ${BASE}`),
    ],
  };
}

async function wholeProcess({ dir, files, bytes, label }, settings) {
  const folder = scratch('schema');
  mkdirSync(folder, { recursive: true });
  const output = join(folder, 'out.sql');
  const anew = () => rmSync(output, { force: true });
  const shell = `find '${dir}/db/schema' -name '*.sql' | LC_ALL=C sort | xargs cat > '${output}' && sha256sum '${output}'`;
  const build = (engine, durability) => ({
    name: durability === 'full' ? `${engine}, durable` : engine,
    command: tandem(
      'schema',
      'build',
      '--project-dir',
      dir,
      '--output',
      output,
      '--engine',
      engine,
      '--workers',
      '2',
      '--durability',
      durability,
      '--format',
      'json',
    ),
    prepare: anew,
    proof: /"files": (\d+)/,
  });
  const contestants = [
    { name: FLOOR, command: ['sh', '-c', shell], prepare: anew },
    { name: 'node -e 0', command: [process.execPath, '-e', '0'] },
    ...['native', 'typescript'].flatMap((engine) => [build(engine, 'none'), build(engine, 'full')]),
    {
      name: BASE,
      command: [process.execPath, join(ROOT, 'bench', 'peers', 'node-buffers.mjs'), dir, output],
      prepare: anew,
    },
    confiture(dir, output),
  ];
  const outcome = await race(contestants, { ...settings, files, base: FLOOR });
  rmSync(folder, { recursive: true, force: true });
  const wall = (name) => contestantOf(outcome, name)?.wall.median ?? null;
  const memory = (name) => contestantOf(outcome, name)?.memory.median ?? null;
  const floor = wall(FLOOR);
  const more = memory('native') === null ? null : (memory('native') - memory('node -e 0') - bytes) / 1e6;
  const faster = wall('confiture') === null ? null : wall('native') / wall('confiture');
  return {
    work: 'schema build, whole process',
    label,
    files,
    ...outcome,
    goals: [
      goal('native', wall('native'), 2 * floor + START_MS, 'ms: 2 x the floor and 60 ms'),
      goal('native, to confiture 1.29', faster, 1 / 12, 'x confiture'),
      goal('memory of native, beside the output and bare node', more, MOST_MEMORY / 1e6, 'MB'),
    ],
  };
}

/** The peer, where a test has installed it. */
function confiture(dir, output) {
  const name = 'confiture';
  const found = existsSync(CACHE)
    ? readdirSync(CACHE).find((each) => each.startsWith('confiture-1.29.0-'))
    : undefined;
  if (found === undefined) {
    return {
      name,
      absent: 'it is not installed (the tests of @tandem/schema do that where python3 is there)',
    };
  }
  const place = join(CACHE, found);
  const args = ['build', '--project-dir', dir, '--output', output];
  return { name, command: ['env', `PYTHONPATH=${place}`, join(place, 'bin', 'confiture'), ...args] };
}
