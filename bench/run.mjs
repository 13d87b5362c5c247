#!/usr/bin/env node
// npm run bench [-- --size small|full|all --only validate,start --rounds 5 --peer PATH --write-docs]
// Whole processes in turn, medians of rounds, ratios within the run. See bench/README.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { ROOT } from '../scripts/lib/processes.mjs';
import { setup } from '../scripts/setup.mjs';
import { buildClock } from './clock.mjs';
import { corpus, remove } from './corpora.mjs';
import { machine } from './machine.mjs';
import { goalText, workText } from './table.mjs';
import { convert } from './works/convert.mjs';
import { field } from './works/field.mjs';
import { formats } from './works/formats.mjs';
import { logs } from './works/logs.mjs';
import { memory } from './works/memory.mjs';
import { scan } from './works/scan.mjs';
import { schema } from './works/schema.mjs';
import { small } from './works/small.mjs';
import { start } from './works/start.mjs';
import { writeDocs } from './write-docs.mjs';

const SMALL = 50_000;
const FULL = 500_000;
const RESULTS = join(ROOT, 'bench', 'results');
const PUBLISHED = 'published.json';
const USAGE = `usage: npm run bench -- [--size small|full|all] [--only WORK,...] [--rounds N] [--peer PATH]...
  --size      small: 50,000 files (default); full: 500,000 in folders of 500 and all in one, 9 GB of disk; all: both
  --only      start, field, few, validate, stats, memory, convert, formats, schema, logs
  --rounds    of each race, at least 5 for figures to be told (default 5)
  --peer      another program with the older tool's flags; may be given again
  --patience  seconds to wait for a quiet machine before each round (default 20)
  --no-build  take what is built
  --keep      leave the large folders in bench/.corpus
  --write-docs  write the figures into README.md and docs/benchmarks.md, and the results into
                bench/results/published.json; a work that this run left out keeps the figures of the last run on
                this machine`;

const options = optionsOf();
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  try {
    await main(options);
  } catch (error) {
    console.error(`bench: ${error.message}`);
    process.exitCode = 3;
  }
}

async function main({ size, only, build, keep, writesDocs, ...settings }) {
  if (build) {
    await setup();
  }
  await buildClock();
  const works = [];
  const results = { measured: new Date().toISOString(), machine: machine(ROOT), works };
  const add = (...done) => {
    for (const work of done) {
      works.push(work);
      console.log(workText(work));
    }
    // After each of them: a run that is stopped early keeps its results.
    save('latest.json', results);
  };
  const wants = (name) => only.length === 0 || only.includes(name);
  const places = placesOf(size, wants);

  if (wants('start')) add(await start(settings));
  if (wants('field')) add(...(await field(settings)));
  if (wants('few')) add(...(await small(settings)));
  for (const work of ['validate', 'stats'].filter(wants)) {
    for (const place of places) {
      add(await scan(work, place, place.files <= SMALL, settings));
    }
  }
  if (wants('memory'))
    add(
      ...(await memory(
        places.filter(({ oneFolder }) => !oneFolder),
        settings,
      )),
    );
  if (size !== 'full') {
    if (wants('convert')) add(...(await convert(places[0], settings)));
    if (wants('formats')) add(...(await formats(places[0], settings)));
  }

  if (wants('schema')) add(...(await schema(settings)));
  if (wants('logs')) add(...(await logs(settings)));

  if (works.some(({ goals }) => goals.length > 0)) {
    console.log(goalText(works));
  }
  if (writesDocs) {
    const all = withEarlier(results);
    save(PUBLISHED, all);
    console.log(writeDocs(all));
  }
  if (!keep) {
    for (const { dir } of places.filter(({ files }) => files > SMALL)) remove(dir);
  }
}

/** The large corpora are made only where a work needs them. */
function placesOf(size, wants) {
  if (!['validate', 'stats', 'memory', 'convert', 'formats'].some(wants)) {
    return [];
  }
  const ofSize = {
    small: [[SMALL, 500]],
    full: [
      [FULL, 500],
      [FULL, FULL],
    ],
    all: [
      [SMALL, 500],
      [FULL, 500],
      [FULL, FULL],
    ],
  };
  return ofSize[size].map(([images, perFolder]) => {
    console.error(`bench: ${images} images, ${perFolder} a folder`);
    return { ...corpus(images, perFolder), oneFolder: perFolder === images };
  });
}

/** Adds the works that earlier runs on this machine measured and this run did not. */
function withEarlier({ machine, works, ...rest }) {
  const file = join(RESULTS, PUBLISHED);
  const earlier = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (!isDeepStrictEqual(earlier?.machine, machine)) return { ...rest, machine, works };
  const key = ({ work, label }) => `${work}: ${label}`;
  const anew = new Map(works.map((work) => [key(work), work]));
  const kept = earlier.works.map((work) => anew.get(key(work)) ?? work);
  const known = new Set(kept.map(key));
  return { ...rest, machine, works: [...kept, ...works.filter((work) => !known.has(key(work)))] };
}

function save(name, results) {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, name), `${JSON.stringify(results, null, 2)}\n`);
}

function optionsOf() {
  try {
    const { values } = parseArgs({
      options: {
        size: { type: 'string', default: 'small' },
        only: { type: 'string', default: '' },
        rounds: { type: 'string', default: '5' },
        peer: { type: 'string', multiple: true, default: [] },
        patience: { type: 'string', default: '20' },
        'no-build': { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        'write-docs': { type: 'boolean', default: false },
      },
    });
    const [rounds, patience] = [values.rounds, values.patience].map(Number);
    if (!['small', 'full', 'all'].includes(values.size) || !(rounds >= 1) || !(patience >= 0)) {
      return null;
    }
    return {
      size: values.size,
      only: values.only.split(',').filter((name) => name !== ''),
      rounds,
      patience,
      peers: values.peer,
      build: !values['no-build'],
      keep: values.keep,
      writesDocs: values['write-docs'],
      say: (line) => console.error(line),
    };
  } catch (error) {
    console.error(error.message);
    return null;
  }
}
