// The folders to measure, each generated once from a seed, and the copies that conversions change.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ROOT } from '../scripts/lib/processes.mjs';
import { makeCorpus } from './corpus.mjs';

const PLACE = join(ROOT, 'bench', '.corpus');
const SEED = 1;
const SIDECAR_BYTES = 2000;

/** @returns {{dir: string, files: number, bytes: number, label: string}} images with a JSON sidecar each */
export function corpus(images, perFolder = 500) {
  const dir = join(PLACE, `json-${images}-${perFolder}`);
  return { dir, label: labelOf(images, perFolder), ...made(dir, (to) => jsonCorpus(to, images, perFolder)) };
}

/**
 * Made by `make(dir)`, whose result is stored in a stamp. An interrupted run leaves no stamp, so the next run
 * makes the folder again.
 */
export function made(dir, make) {
  const stamp = `${dir}.stamp.json`;
  if (existsSync(stamp)) {
    return JSON.parse(readFileSync(stamp, 'utf8'));
  }
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const truth = make(dir);
  writeFileSync(stamp, JSON.stringify(truth));
  sync();
  return truth;
}

function jsonCorpus(dir, images, perFolder) {
  const { sidecars, bytes } = makeCorpus(dir, { images, perFolder, seed: SEED, sidecarBytes: SIDECAR_BYTES });
  return { files: sidecars, bytes };
}

function labelOf(images, perFolder) {
  const folders = perFolder >= images ? 'one folder' : `folders of ${perFolder}`;
  return `${images.toLocaleString('en')} files, ${folders}`;
}

/** The path of the corpus with this name. */
export function placeOf(name) {
  return join(PLACE, name);
}

/** The path of a copy that a run may change. */
export function scratch(name) {
  return join(PLACE, `scratch-${name}`);
}

/** A fresh copy. */
export function copyAnew(from, to) {
  rmSync(to, { recursive: true, force: true });
  copyMissing(from, to);
}

/**
 * The same for a used copy: keeps its images and copies all else again. Everything is on disk before a
 * measurement begins.
 */
export function restore(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(to, { withFileTypes: true })) {
    const path = join(to, entry.name);
    if (entry.isDirectory() && existsSync(join(from, entry.name))) removeSidecars(path);
    else rmSync(path, { recursive: true, force: true });
  }
  copyMissing(from, to);
  sync();
}

function removeSidecars(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) removeSidecars(path);
    else if (extname(entry.name) !== '.jpg') rmSync(path, { recursive: true, force: true });
  }
}

function copyMissing(from, to) {
  mkdirSync(to, { recursive: true });
  try {
    execFileSync('cp', ['-a', '-n', `${from}/.`, to], { stdio: 'ignore' });
  } catch {
    cpSync(from, to, { recursive: true, preserveTimestamps: true, force: false });
  }
}

export function remove(dir) {
  rmSync(dir, { recursive: true, force: true });
  rmSync(`${dir}.stamp.json`, { force: true });
}

function sync() {
  if (process.platform !== 'win32') {
    execFileSync('sync');
  }
}
