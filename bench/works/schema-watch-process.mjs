// schema-watch-process.mjs PROJECT FOLDER TURNS ENGINE: milliseconds of a full build after a change and of a watch's rebuild, as JSON.
// Changes files of the project, and leaves them as they were.
import { appendFileSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
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

const files = builder.files().map(({ path }) => path);
const sizes = new Map();
const times = { full: [], rebuild: [] };
rmSync(outputs.watch, { force: true });
await next();
for (let turn = -WARM_UP_TURNS; turn < Number(turns); turn++) {
  // Somewhere else each time, so that as much comes before the change as after it.
  const file = files[(((turn + WARM_UP_TURNS) * 37) % 100) * Math.floor(files.length / 100)];
  sizes.set(file, sizes.get(file) ?? readFileSync(file).length);
  const changed = performance.now();
  const rebuilt = next();
  appendFileSync(file, MORE);
  await rebuilt;
  const rebuild = performance.now() - changed;
  rmSync(outputs.full, { force: true });
  const began = performance.now();
  await builder.build({ output: outputs.full, durability: 'none' });
  if (turn >= 0) {
    times.full.push(performance.now() - began);
    times.rebuild.push(rebuild);
  }
}
ending.abort();
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
