// schema-watch-process.mjs PROJECT FOLDER TURNS ENGINE: milliseconds of a build after a change; and from a change to the moment when a watch
// has renamed its output, and to its event; as JSON. Changes files of the project, and leaves them as they were.
import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SchemaBuilder } from '../../packages/schema/dist/index.js';
import { spreadOf } from '../race.mjs';

const WARM_UP_TURNS = 3;
const MORE = '-- one line more\n';

const [projectDir, folder, turns, engine] = process.argv.slice(2);
const outputs = { full: join(folder, 'full.sql'), watch: join(folder, 'watch.sql') };
const ending = new AbortController();
const builder = new SchemaBuilder({ projectDir, engine, workers: 2 });
const events = new SchemaBuilder({ projectDir, engine, workers: 2, signal: ending.signal }).watch({
  output: outputs.watch,
});
const next = async () => {
  const { value } = await events.next();
  if (value.status !== 'written') {
    throw new Error(`the watch says ${JSON.stringify(value).slice(0, 500)}`);
  }
};

/** Tells the time when the output gets its name; in a thread of its own, as the watch may have more to do then. */
const observer = new Worker(
  `const { parentPort, workerData } = require('node:worker_threads');
  require('node:fs').watch(workerData, (type, name) => {
    if (type === 'rename' && name === 'watch.sql') parentPort.postMessage(Date.now());
  });
  parentPort.postMessage('ready');`,
  { eval: true, workerData: folder },
);
await once(observer, 'message');
/** Of what happened before it may still tell. */
const renamedAfter = async (changed) => {
  for (;;) {
    const [time] = await once(observer, 'message');
    if (time >= changed) return time;
  }
};

const files = builder.files().map(({ path }) => path);
const sizes = new Map();
const times = { full: [], rebuild: [], told: [] };
rmSync(outputs.watch, { force: true });
await next();
await builder.build({ output: outputs.full, durability: 'none' });
for (let turn = -WARM_UP_TURNS; turn < Number(turns); turn++) {
  // Somewhere else each time, so that as much comes before the change as after it.
  const file = files[(((turn + WARM_UP_TURNS) * 37) % 100) * Math.floor(files.length / 100)];
  sizes.set(file, sizes.get(file) ?? readFileSync(file).length);
  const told = next();
  const changed = Date.now();
  const renamed = renamedAfter(changed);
  const asked = performance.now();
  appendFileSync(file, MORE);
  await told;
  const waited = performance.now() - asked;
  const rebuild = (await renamed) - changed;
  // Over the file that is there, as the watch does.
  const began = performance.now();
  await builder.build({ output: outputs.full, durability: 'none' });
  if (turn >= 0) {
    times.full.push(performance.now() - began);
    times.rebuild.push(rebuild);
    times.told.push(waited);
  }
}
ending.abort();
await observer.terminate();
for (const [file, size] of sizes) {
  truncateSync(file, size);
}
if (!readFileSync(outputs.full).equals(readFileSync(outputs.watch))) {
  throw new Error('the watch wrote other bytes than a build');
}
console.log(
  JSON.stringify(
    Object.fromEntries(Object.entries(times).map(([name, all]) => [name, spreadOf(all).median])),
  ),
);
