// Finding cargo, and building the addon with it. Neither may stop a setup: without Rust, TypeScript does all
// the work.
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { capture, ROOT, say } from './processes.mjs';

const TYPES_FOLDER = join(ROOT, 'target', 'native-types');
/** The file into which the macros of a build write the addon's exports, one line of JSON each. */
export const TYPES = join(TYPES_FOLDER, 'tandem-node');

/** If nothing has changed, cargo ends well before this. */
const SILENT_MS = 3000;

/**
 * Searches PATH, then the folder where rustup installs cargo, in case the shell does not know it yet.
 * TANDEM_WITHOUT_CARGO=1 hides cargo.
 */
export function findCargo(env = process.env) {
  if (cargoIsHidden(env)) {
    return null;
  }
  const name = process.platform === 'win32' ? 'cargo.exe' : 'cargo';
  const places = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  if (env['CARGO_HOME']) {
    places.push(join(env['CARGO_HOME'], 'bin'));
  }
  places.push(join(homedir(), '.cargo', 'bin'));
  const cargo = places.map((folder) => join(folder, name)).find((path) => existsSync(path));
  return cargo ?? null;
}

export function cargoIsHidden(env = process.env) {
  return !['', '0', undefined].includes(env['TANDEM_WITHOUT_CARGO']);
}

/** Runs cargo with its own folder on PATH, where it looks for rustc and its subcommands. */
export function runCargo(cargo, args, { env = {}, ...options } = {}) {
  const path = `${dirname(cargo)}${delimiter}${process.env['PATH'] ?? ''}`;
  return capture(cargo, args, { env: { ...process.env, PATH: path, ...env }, ...options });
}

/**
 * Builds the addon. `built`: the library's path. `absent`: this cargo cannot build anything here (no linker,
 * no crates, too old), which is treated like no cargo. `broken`: the project's Rust code does not compile.
 */
export async function buildAddon(cargo) {
  const args = [
    'build',
    '--release',
    '--locked',
    '-p',
    'tandem-node',
    '--message-format=json-render-diagnostics',
  ];
  mkdirSync(TYPES_FOLDER, { recursive: true });
  const { status, stdout, stderr } = await showingProgress(cargo, args);
  if (status === 0) {
    return { state: 'built', library: libraryOf(stdout) };
  }
  const reason = environmentReason(stderr);
  return reason === null ? { state: 'broken', output: stderr } : { state: 'absent', reason };
}

/** The first build takes minutes: a terminal shows cargo's own progress, anything else one line. */
async function showingProgress(cargo, args) {
  const { isTTY, columns } = process.stderr;
  const types = { NAPI_TYPE_DEF_TMP_FOLDER: TYPES_FOLDER };
  if (isTTY) {
    const env = {
      ...types,
      CARGO_TERM_PROGRESS_WHEN: 'always',
      CARGO_TERM_PROGRESS_WIDTH: String(columns ?? 80),
    };
    return runCargo(cargo, args, { env, echo: 'stderr' });
  }
  const line = 'setup: cargo is building the Rust engine; this takes minutes the first time, seconds later';
  const timer = setTimeout(() => say(line), SILENT_MS);
  const built = await runCargo(cargo, args, { env: types });
  clearTimeout(timer);
  return built;
}

/** Cargo reports the path of the library: CARGO_TARGET_DIR and a configured target change it. */
function libraryOf(stdout) {
  for (const line of stdout.split('\n').filter((text) => text.startsWith('{'))) {
    const message = JSON.parse(line);
    if (message.reason === 'compiler-artifact' && message.target.name === 'tandem_node') {
      const library = message.filenames.find((path) => /\.(so|dylib|dll)$/.test(path));
      if (library !== undefined) {
        return library;
      }
    }
  }
  throw new Error('cargo built tandem-node and named no library');
}

const ENVIRONMENT_FAULTS = [
  [/linker `([^`]+)` not found/, (match) => `the linker ${match[1]} is missing`],
  [/linking with `([^`]+)` failed/, (match) => `${match[1]} cannot link`],
  [/link\.exe` failed|Visual Studio build tools/, () => 'the linker of Visual Studio is missing'],
  [/rustup could not choose a version|toolchain .* is not installed/, () => 'rustup has no toolchain'],
  [
    /edition2024|requires rustc|lock file version .* (?:requires|was found)/,
    () => 'this cargo is too old, 1.88 is needed',
  ],
  [
    /failed to download|failed to get `|download of .* failed|Could(?: not|n't) resolve host/i,
    () => 'the crates cannot be downloaded',
  ],
  [/could not execute process `[^`]*rustc/, () => 'rustc is missing'],
  [/No space left on device/, () => 'no space left on the device'],
];

/** Why this machine cannot build, in a few words, or null where the project's own code is at fault. */
export function environmentReason(stderr) {
  for (const [pattern, reason] of ENVIRONMENT_FAULTS) {
    const match = pattern.exec(stderr);
    if (match !== null) {
      return reason(match);
    }
  }
  return null;
}
