import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { environmentReason, findCargo } from '../lib/cargo.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tandem-cargo-'));
const name = process.platform === 'win32' ? 'cargo.exe' : 'cargo';
for (const place of ['path', 'home/bin']) {
  mkdirSync(join(folder, place), { recursive: true });
  writeFileSync(join(folder, place, name), '');
}
const path = join(folder, 'path');
const home = join(folder, 'home');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('cargo is taken from PATH, then from CARGO_HOME', () => {
  expect(findCargo({ PATH: path, CARGO_HOME: home })).toBe(join(path, name));
  expect(findCargo({ PATH: '', CARGO_HOME: home })).toBe(join(home, 'bin', name));
});

test('TANDEM_WITHOUT_CARGO hides it, and 0 does not', () => {
  expect(findCargo({ PATH: path, TANDEM_WITHOUT_CARGO: '1' })).toBeNull();
  expect(findCargo({ PATH: path, TANDEM_WITHOUT_CARGO: '0' })).toBe(join(path, name));
});

test.each([
  ['error: linker `cc` not found', 'the linker cc is missing'],
  ['error: linking with `cc` failed: exit status: 1', 'cc cannot link'],
  ['error: failed to download from `https://index.crates.io/config.json`', 'the crates cannot be downloaded'],
  ['error: rustup could not choose a version of cargo to run', 'rustup has no toolchain'],
  ['  tandem-common@0.1.0 requires rustc 1.88', 'this cargo is too old, 1.88 is needed'],
  ['feature `edition2024` is required', 'this cargo is too old, 1.88 is needed'],
])('%s is attributed to the machine', (line, reason) => {
  expect(environmentReason(`   Compiling libc v0.2\n${line}\nerror: could not compile`)).toBe(reason);
});

test.each([
  'error[E0308]: mismatched types\nerror: could not compile `tandem-node` (lib) due to 1 previous error',
  'error: the lock file needs to be updated but --locked was passed to prevent this',
])('a fault in the project is not attributed to the machine', (stderr) => {
  expect(environmentReason(stderr)).toBeNull();
});
