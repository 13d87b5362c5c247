// One field from a document in memory, including the check: the archive compared with parsing the whole
// document.
import { join } from 'node:path';
import { findCargo, runCargo } from '../../scripts/lib/cargo.mjs';
import { capture, ROOT } from '../../scripts/lib/processes.mjs';
import { waitForQuiet } from '../clock.mjs';
import { goal } from '../goals.mjs';
import { spreadOf } from '../race.mjs';

/** As shares of the time that parsing and reading the field take. */
const TARGETS = { typescript: 1 / 3, rust: 1 / 5 };

export async function field(settings) {
  const works = [];
  for (const bytes of [2000, 20_000]) {
    const rounds = [];
    for (let round = 0; round < settings.rounds; round++) {
      await waitForQuiet(settings.patience);
      rounds.push(await inProcess(bytes));
    }
    works.push(told(rounds));
  }
  const rust = await rustField();
  if (rust !== null) {
    works[0].goals.push(goal('rkyv in Rust, to serde_json::Value', rust, TARGETS.rust, 'x'));
  }
  return works;
}

/** One process per round, because code can be compiled well in one process and badly in another. */
async function inProcess(bytes) {
  const script = join(ROOT, 'bench', 'works', 'field-process.mjs');
  const { status, stdout, stderr } = await capture(process.execPath, [script, String(bytes)]);
  if (status !== 0) {
    throw new Error(`one field: ${stderr}`);
  }
  return JSON.parse(stdout);
}

function told(rounds) {
  const { sizes } = rounds[0];
  const names = Object.keys(rounds[0].nanoseconds);
  const base = names[0];
  const contestants = names.map((name) => ({
    name,
    microseconds: spreadOf(rounds.map(({ nanoseconds }) => nanoseconds[name] / 1e3)),
    ratio: spreadOf(rounds.map(({ nanoseconds }) => nanoseconds[name] / nanoseconds[base])),
  }));
  const archived = contestants.find(({ name }) => name === 'rkyv, one field');
  return {
    work: 'one field, in process',
    label: `${sizes.json} bytes of JSON, ${sizes.rkyv} of rkyv`,
    files: 1,
    base,
    rounds: rounds.length,
    contestants,
    absent: [],
    goals: [goal('rkyv in TypeScript', archived.ratio.median, TARGETS.typescript, 'x')],
  };
}

/** The ratio that the bench of the Rust crate reports for the same task, or null. */
async function rustField() {
  const cargo = findCargo();
  if (cargo === null) {
    return null;
  }
  const { stdout } = await runCargo(cargo, [
    'bench',
    '--locked',
    '-p',
    'tandem-sidecar',
    '--bench',
    'documents',
  ]);
  const found = /one field \/ Value = ([\d.]+)/.exec(stdout);
  return found === null ? null : Number(found[1]);
}
