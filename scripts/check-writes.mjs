#!/usr/bin/env node
// One door to the disk (ARCHITECTURE.md): only packages/files and the module new_file of tandem-common may
// change files.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from './lib/processes.mjs';

/**
 * All names that other packages may import from node:fs and node:fs/promises. `openSync` is not among them,
 * because it can make a file: openToRead cannot.
 */
const READING = new Set([
  ...['BigIntStats', 'Dirent', 'FSWatcher', 'Stats', 'constants', 'watch'],
  ...['accessSync', 'closeSync', 'existsSync', 'fstatSync', 'lstatSync', 'readFileSync', 'readSync'],
  ...['readdirSync', 'readlinkSync', 'realpathSync', 'statSync'],
  ...['access', 'readFile', 'realpath', 'stat'],
]);
const IMPORT = /import\s+(?:type\s+)?([^;]*?)\s+from\s+['"](?:node:)?fs(?:\/promises)?['"]/g;
const OTHER_USE = /(?:require|import)\s*\(\s*['"](?:node:)?fs(?:\/promises)?['"]/g;

const RUST_DOOR = 'crates/tandem-common/src/new_file/';
const RUST_TESTS = /(?:^|\/)(?:tests?|testing|instruments)(?:\.rs$|\/)/;
const RUST_WRITE =
  /\b(?:OpenOptions|File::(?:create|options)\w*|fs::(?:write|rename|copy|hard_link|create_\w+|remove_\w+|set_\w+)|O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)|SYS_(?:rename|link|unlink|mkdir|truncate)\w*)\b/g;

const problems = [
  ...sourcesOf('packages', '.ts').flatMap(checkTypeScript),
  ...sourcesOf('crates', '.rs').flatMap(checkRust),
];
for (const problem of problems) {
  console.error(problem);
}
process.exitCode = problems.length > 0 ? 1 : 0;

function checkTypeScript(path) {
  if (path.startsWith('packages/files/')) {
    return [];
  }
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imported = [...text.matchAll(IMPORT)].flatMap(([, clause]) => namesOf(clause));
  return [
    ...imported
      .filter((name) => !READING.has(name))
      .map((name) => `${path} imports ${name} from node:fs: only packages/files changes files`),
    ...[...text.matchAll(OTHER_USE)].map(([use]) => `${path} has ${use}): import names from node:fs`),
  ];
}

/**
 * `{ a, type B as C }` -> a, B; a default or a namespace import is returned unchanged, and so is not allowed.
 */
function namesOf(clause) {
  const names = /^\{([^}]*)\}$/s.exec(clause)?.[1].split(',') ?? [clause];
  return names.map((name) => name.trim().replace(/^type\s+|\s+as\s.*$/g, '')).filter((name) => name !== '');
}

function checkRust(path) {
  if (path.startsWith(RUST_DOOR) || RUST_TESTS.test(path)) {
    return [];
  }
  const uses = readFileSync(join(ROOT, path), 'utf8').match(RUST_WRITE) ?? [];
  return [...new Set(uses)].map((use) => `${path} uses ${use}: only ${RUST_DOOR} changes files`);
}

/** The sources of all packages or crates, as paths from the root, with slashes. */
function sourcesOf(tree, extension) {
  return readdirSync(join(ROOT, tree)).flatMap((name) => {
    const folder = join(tree, name, 'src');
    const found = readdirSync(join(ROOT, folder), { recursive: true });
    return found
      .filter((file) => file.endsWith(extension))
      .map((file) => join(folder, file).split(sep).join('/'));
  });
}
