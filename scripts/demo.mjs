#!/usr/bin/env node
// Makes a photo folder by its seed, some of it damaged, and puts the sidecar commands to work on it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeCorpus } from '../bench/corpus.mjs';
import { capture, ROOT } from './lib/processes.mjs';
import { setup } from './setup.mjs';

const PHOTOS = join('demo', 'photos');
const CORPUS = { images: 3000, perFolder: 100, seed: 1, mix: 'all', broken: 0.02, uncovered: 0.03 };
const number = new Intl.NumberFormat('en-US');

await main().catch((error) => {
  console.error(`demo: ${error.message}`);
  process.exitCode = 1;
});

async function main() {
  const { compiled } = await setup();
  if (!compiled) {
    throw new Error('the TypeScript does not compile, see above');
  }
  const truth = await makePhotos();
  console.log(
    `\n${number.format(truth.images)} photos with ${number.format(truth.sidecars)} sidecars in ${PHOTOS}, made from seed ${CORPUS.seed}`,
  );
  const found = await validate();
  await stats();
  await convert();
  console.log(
    `\nThe command itself: node ${join('packages', 'cli', 'bin', 'tandem')} sidecar validate --input ${PHOTOS}`,
  );
  if (found !== truth.invalid) {
    console.error(`demo: ${truth.invalid} sidecars were damaged, and validate found ${found}`);
    process.exitCode = 1;
  }
}

/** Two of its folders are converted at once, so that all formats are met. */
async function makePhotos() {
  rmSync(join(ROOT, PHOTOS), { recursive: true, force: true });
  const truth = makeCorpus(join(ROOT, PHOTOS), CORPUS);
  for (const [folder, format] of [
    ['game-00021', 'rkyv'],
    ['game-00022', 'bin'],
  ]) {
    await tandem('convert', ['--format', format], join(PHOTOS, 'season-2020', folder));
  }
  return truth;
}

async function validate() {
  const { report, seconds, engine } = await tandem('validate', ['--verbose']);
  console.log(`${engine}\n`);
  const { total_files: total, valid_files: valid, invalid_files: invalid, results } = report;
  tell(
    'validate',
    seconds,
    `${number.format(total)} sidecars: ${number.format(valid)} valid, ${invalid} not`,
  );
  for (const [code, rows] of byCount(
    results.filter((row) => !row.is_valid),
    (row) => row.error_code,
  )) {
    const [first] = rows;
    tell('', null, `${String(rows.length).padStart(3)} ${code}, such as ${first.file_path}: ${first.error}`);
  }
  return invalid;
}

async function stats() {
  const { report, seconds } = await tandem('stats', ['--summary']);
  const covered = report.coverage_percentage.toFixed(1);
  tell('stats', seconds, `${number.format(report.total_images)} photos, ${covered} % of them with a sidecar`);
  for (const [operation, count] of Object.entries(report.operation_counts).sort(([, a], [, b]) => b - a)) {
    tell('', null, `${number.format(count).padStart(5)} ${operation}`);
  }
}

async function convert() {
  const { report, seconds } = await tandem('convert', ['--format', 'bin']);
  const { converted, skipped, failed, bytes_before: before, bytes_after: after } = report;
  tell(
    'convert',
    seconds,
    `${number.format(converted)} to bin, ${megabytes(before)} became ${megabytes(after)}`,
  );
  tell(
    '',
    null,
    `${skipped} were bin already or are none of ours, ${failed} are broken and were left as they are`,
  );
}

/** Runs one command and reads the report on its stdout. 1 is no failure here: convert met files that are broken. */
async function tandem(command, flags, folder = PHOTOS) {
  const start = performance.now();
  const args = [
    join('packages', 'cli', 'bin', 'tandem'),
    'sidecar',
    command,
    '--input',
    folder,
    ...flags,
    '--output',
    '-',
  ];
  const { status, stdout, stderr } = await capture(process.execPath, args);
  if (status > 1 || stdout === '') {
    throw new Error(`tandem sidecar ${command} ended with status ${status}: ${stderr}`);
  }
  const seconds = (performance.now() - start) / 1000;
  return { report: JSON.parse(stdout), seconds, engine: /engine: .*/.exec(stderr)?.[0].replace(ROOT, '') };
}

function tell(name, seconds, text) {
  const time = seconds === null ? '' : `${seconds.toFixed(2)} s`;
  console.log(`${name.padEnd(9)} ${time.padStart(7)}   ${text}`);
}

function byCount(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
