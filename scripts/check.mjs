#!/usr/bin/env node
// All checks beside the tests. Each step prints ok or failed on one line, and its output if it failed.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findCargo, runCargo } from './lib/cargo.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { checkFileLengths } from './lib/file-lengths.mjs';
import { capture, captureNodeTool, npmCommand, ROOT } from './lib/processes.mjs';

const OTHER_SYSTEMS = ['x86_64-pc-windows-gnu', 'aarch64-apple-darwin'];

await installDependencies();
const cargo = findCargo();
const steps = [
  ['generated files', () => script('generate.mjs', '--check')],
  ['imports', () => script('check-imports.mjs')],
  ['writes', () => script('check-writes.mjs')],
  ['references', () => script('check-references.mjs')],
  ['file lengths', checkFileLengths],
  ['types', () => captureNodeTool('typescript/bin/tsc', ['-b'])],
  ['biome', () => captureNodeTool('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', colors(), '.'])],
  // A lock without the packages of every platform installs only on the platform where it was made.
  [
    'package-lock.json',
    () =>
      capture(...npmCommand(['ci', '--dry-run', '--include=dev', '--ignore-scripts', '--prefer-offline'])),
  ],
  ...(cargo === null ? [] : rustSteps()),
];
const failures = [];
for (const [name, step] of steps) {
  if (!(await passes(name, step))) {
    failures.push(name);
  }
}
if (cargo === null) {
  console.log('skipped    everything about Rust: cargo not found');
}
process.exitCode = failures.length > 0 ? 1 : 0;
console.log(
  failures.length > 0 ? `check failed: ${failures.join(', ')}` : `check: all ${steps.length} steps are ok`,
);

function rustSteps() {
  const clippy = ['clippy', '--workspace', '--all-targets', '--locked', '--', '-D', 'warnings'];
  return [
    ['cargo fmt', () => runCargo(cargo, ['fmt', '--all', '--check'])],
    ['cargo clippy', () => runCargo(cargo, clippy)],
    ['cargo clippy, other systems', checkOtherSystems],
    ['cargo deny', checkDependencies],
  ];
}

/**
 * Code that only other systems compile, without linking: tandem-node is left out, because it needs Node's
 * library even for that.
 */
async function checkOtherSystems() {
  const targets = [];
  for (const target of OTHER_SYSTEMS) {
    const { stdout } = await capture(join(dirname(cargo), 'rustc'), [
      '--print',
      'target-libdir',
      '--target',
      target,
    ]);
    if (existsSync(stdout.trim())) {
      targets.push('--target', target);
    }
  }
  if (targets.length === 0) {
    return { status: 0, note: `skipped: not installed (rustup target add ${OTHER_SYSTEMS.join(' ')})` };
  }
  const packages = [
    '-p',
    'tandem-common',
    '-p',
    'tandem-json',
    '-p',
    'tandem-sidecar',
    '-p',
    'tandem-schema',
  ];
  return runCargo(cargo, [
    'clippy',
    ...targets,
    ...packages,
    '--all-targets',
    '--locked',
    '--',
    '-D',
    'warnings',
  ]);
}

/** Without advisories, which clones a database; licenses, sources and duplicates need no network. */
async function checkDependencies() {
  const { status } = await runCargo(cargo, ['deny', '--version']);
  if (status !== 0) {
    return { status: 0, note: 'skipped: cargo-deny is not installed (cargo install --locked cargo-deny)' };
  }
  return runCargo(cargo, ['deny', '--offline', 'check', 'bans', 'licenses', 'sources']);
}

async function passes(name, step) {
  const start = performance.now();
  const { status, stdout = '', stderr = '', output = '', note = '' } = await step();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${status === 0 ? 'ok    ' : 'failed'} ${seconds.padStart(5)} s  ${name}${note === '' ? '' : ` (${note})`}`,
  );
  if (status !== 0) {
    console.log(`${stdout}${stderr}${output}`.trimEnd());
  }
  return status === 0;
}

function script(name, ...args) {
  return capture(process.execPath, [join(ROOT, 'scripts', name), ...args]);
}

function colors() {
  return process.stdout.isTTY ? '--colors=force' : '--colors=off';
}
