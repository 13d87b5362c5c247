#!/usr/bin/env node
// Generates a photo folder and logs from a seed, damages some of it, and runs the commands on them.
import { join } from 'node:path';
import { LOGS, makeDemoLogs } from './lib/demo-log.mjs';
import { DEMO_SEED, makeDemoPhotos, PHOTOS } from './lib/demo-photos.mjs';
import { capture, ROOT } from './lib/processes.mjs';
import { setup } from './setup.mjs';

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
  const truth = await makeDemoPhotos(ROOT);
  console.log(
    `\n${number.format(truth.images)} photos with ${number.format(truth.sidecars)} sidecars in ${PHOTOS}, made from seed ${DEMO_SEED}`,
  );
  const found = await validate();
  await stats();
  await convert();
  const logged = makeDemoLogs(ROOT);
  const errors = await logs();
  console.log(`\nThe command itself: ${join('bin', 'tandem')} sidecar validate --input ${PHOTOS}`);
  if (found !== truth.invalid) {
    console.error(`demo: ${truth.invalid} sidecars were damaged, and validate found ${found}`);
    process.exitCode = 1;
  }
  if (errors !== logged.errors) {
    console.error(`demo: the logs have ${logged.errors} errors, and tandem logs found ${errors}`);
    process.exitCode = 1;
  }
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
    `${skipped} were skipped (already bin, or not a sidecar), ${failed} are broken and were left as they are`,
  );
}

async function logs() {
  const { report, seconds } = await run(['logs', LOGS, '--format', 'json']);
  const { entries, errors, warnings, templates } = report;
  tell(
    'logs',
    seconds,
    `${number.format(entries)} entries: ${number.format(errors)} errors, ${number.format(warnings)} warnings`,
  );
  for (const { count, level, template } of templates.filter(({ level }) => /error|warning/.test(level))) {
    tell('', null, `${number.format(count).padStart(5)} ${level}: ${template}`);
  }
  return errors;
}

/**
 * Runs one command on the photos and reads the report on its stdout. Status 1 is expected here: convert finds broken files.
 */
async function tandem(command, flags) {
  return run(['sidecar', command, '--input', PHOTOS, ...flags, '--output', '-']);
}

async function run(args) {
  const start = performance.now();
  const { status, stdout, stderr } = await capture(process.execPath, [
    join('packages', 'cli', 'bin', 'tandem'),
    ...args,
  ]);
  if (status > 1 || stdout === '') {
    throw new Error(`tandem ${args.join(' ')} ended with status ${status}: ${stderr}`);
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
