#!/usr/bin/env node
// Imports point one way (ARCHITECTURE.md). One table for both languages, compared with manifests and sources.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ROOT } from './lib/processes.mjs';

const JOBS = ['sidecar', 'schema', 'infra', 'tasks', 'security'];

/**
 * The imports that are allowed. A package or crate that is missing here is an error, so that a new one gets a
 * line.
 */
const ALLOWED_PACKAGES = {
  engine: [],
  native: ['engine'],
  files: ['engine'],
  json: ['engine', 'files'],
  job: ['engine', 'files', 'native'],
  ...Object.fromEntries(JOBS.map((job) => [job, ['engine', 'files', 'json', 'job', 'native']])),
  report: ['engine', 'job', 'native', ...JOBS],
  cli: ['engine', 'files', 'job', 'native', 'report', ...JOBS],
};
const ALLOWED_CRATES = {
  'tandem-common': [],
  'tandem-json': ['tandem-common'],
  ...Object.fromEntries(JOBS.map((job) => [`tandem-${job}`, ['tandem-common', 'tandem-json']])),
  'tandem-node': ['tandem-common', ...JOBS.map((job) => `tandem-${job}`)],
};

const problems = [...foldersOf('packages').flatMap(checkPackage), ...foldersOf('crates').flatMap(checkCrate)];
for (const problem of problems) {
  console.error(problem);
}
process.exitCode = problems.length > 0 ? 1 : 0;

function foldersOf(parent) {
  const entries = existsSync(join(ROOT, parent))
    ? readdirSync(join(ROOT, parent), { withFileTypes: true })
    : [];
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function checkPackage(name) {
  const folder = join(ROOT, 'packages', name);
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    read(join(folder, 'package.json')),
  );
  const named = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  const declared = named
    .filter((each) => each.startsWith('@tandem/'))
    .map((each) => each.slice('@tandem/'.length));
  return [
    ...forbidden(`packages/${name}/package.json`, name, declared, ALLOWED_PACKAGES),
    ...sourcesOf(join(folder, 'src')).flatMap((path) => checkSource(path, name, folder)),
  ];
}

/** Tests may use any package; what is shipped may not, and no source imports another package by a path. */
function checkSource(path, name, folder) {
  const specifiers = [...read(path).matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    (match) => match[1],
  );
  const where = relative(ROOT, path);
  const imported = specifiers.filter((each) => each.startsWith('@tandem/') && each !== `@tandem/${name}`);
  const outside = specifiers.filter(
    (each) => each.startsWith('.') && !resolve(path, '..', each).startsWith(folder + sep),
  );
  return [
    ...forbidden(
      where,
      name,
      imported.map((each) => each.split('/')[1]),
      ALLOWED_PACKAGES,
    ),
    ...outside.map((each) => `${where} imports ${each}: import a package by its name`),
  ];
}

function checkCrate(name) {
  const manifest = `crates/${name}/Cargo.toml`;
  const used = [...read(join(ROOT, manifest)).matchAll(/^(tandem-[a-z]+)\b.*=/gm)].map((match) => match[1]);
  return forbidden(manifest, name, used, ALLOWED_CRATES);
}

function forbidden(where, name, used, table) {
  const allowed = table[name];
  if (allowed === undefined) {
    return [`${where}: '${name}' has no line in the table of scripts/check-imports.mjs`];
  }
  const choices = allowed.length > 0 ? allowed.join(', ') : 'nothing of ours';
  return [...new Set(used)]
    .filter((each) => !allowed.includes(each))
    .map((each) => `${where} uses ${each}; ${name} may use ${choices}`);
}

function sourcesOf(folder) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

function read(path) {
  return readFileSync(path, 'utf8');
}
