// schema-process.mjs PROJECT FOLDER TURNS: prints as JSON how many milliseconds each way takes to build a
// project.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SchemaBuilder } from '../../packages/schema/dist/index.js';
import { buildWithBuffers } from '../peers/node-buffers.mjs';
import { spreadOf } from '../race.mjs';

const WARM_UP_TURNS = 3;

const [projectDir, folder, turns] = process.argv.slice(2);
const engines = process.env['TANDEM_BENCH_NATIVE'] === '0' ? ['typescript'] : ['native', 'typescript'];
const ways = [
  { name: 'Node with Buffers', build: async (output) => buildWithBuffers(projectDir, output) },
  ...engines.flatMap((engine) => {
    const builder = new SchemaBuilder({ projectDir, engine, workers: 2 });
    const build = (durability) => async (output) => (await builder.build({ output, durability })).bodySha256;
    return [
      { name: engine, build: build('none') },
      { name: `${engine}, durable`, build: build('full') },
      { name: `${engine}, up to date`, build: build('none'), keep: true },
    ];
  }),
];

const times = new Map(ways.map(({ name }) => [name, []]));
const hashes = new Set();
for (let turn = -WARM_UP_TURNS; turn < Number(turns); turn++) {
  for (const { name, build, keep } of ways) {
    const output = join(folder, `${name.replaceAll(/\W+/g, '-')}.sql`);
    if (!keep) {
      rmSync(output, { force: true });
    }
    const began = performance.now();
    hashes.add(await build(output));
    if (turn >= 0) {
      times.get(name).push(performance.now() - began);
    }
  }
}
if (hashes.size !== 1) {
  throw new Error(`the bodies differ: ${[...hashes].join(' ')}`);
}
console.log(
  JSON.stringify(Object.fromEntries([...times].map(([name, all]) => [name, spreadOf(all).median]))),
);
