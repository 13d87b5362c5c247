// schema-watch-process.mjs PROJECT FOLDER TURNS ENGINE: prints as JSON the milliseconds until a build has
// renamed its output, and those from a change until a watch has renamed its output and until its event.
// Changes files of the project, and restores them.
import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
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

/** Reports when an output gets its name; in a thread of its own, because this one may be busy then. */
const observer = new Worker(
  `const { parentPort, workerData } = require('node:worker_threads');
  require('node:fs').watch(workerData, (type, name) => {
    if (type === 'rename') parentPort.postMessage({ name, time: Date.now() });
  });
  parentPort.postMessage('ready');`,
  { eval: true, workerData: folder },
);
await once(observer, 'message');
/**
 * Milliseconds from `since` until the output gets its name. Events of earlier renames may still arrive; they
 * are skipped.
 */
const millisecondsTo = async (output, since) => {
  for (;;) {
    const [{ name, time }] = await once(observer, 'message');
    if (name === basename(output) && time >= since) return time - since;
  }
};

const files = builder.files().map(({ path }) => path);
const sizes = new Map();
const times = { full: [], rebuild: [], told: [] };
rmSync(outputs.watch, { force: true });
await next();
await builder.build({ output: outputs.full, durability: 'none' });
for (let turn = -WARM_UP_TURNS; turn < Number(turns); turn++) {
  // In another file each time, so that on average as much precedes the change as follows it.
  const file = files[(((turn + WARM_UP_TURNS) * 37) % 100) * Math.floor(files.length / 100)];
  sizes.set(file, sizes.get(file) ?? readFileSync(file).length);
  const told = next();
  const changed = Date.now();
  const rebuilt = millisecondsTo(outputs.watch, changed);
  appendFileSync(file, MORE);
  await told;
  const waited = Date.now() - changed;
  const rebuild = await rebuilt;
  // Replaces an existing file, as the watch does.
  const began = Date.now();
  const built = millisecondsTo(outputs.full, began);
  await builder.build({ output: outputs.full, durability: 'none' });
  const full = await built;
  if (turn >= 0) {
    times.full.push(full);
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
