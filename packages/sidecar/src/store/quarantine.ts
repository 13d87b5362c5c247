import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import {
  errnoOf,
  type FileSteps,
  leadsNowhere,
  SCRATCH,
  shownText,
  toFsPath,
  writeError,
} from '@tandem/files';
import { MANIFEST, type ManifestHeader, ManifestWriter } from './manifest.ts';

/** Below the folder that is cleaned, and so on the same file system as nearly all of it. */
export const QUARANTINE: `${typeof SCRATCH}quarantine` = `${SCRATCH}quarantine`;
const RUN = /^\d{8}T\d{6}Z-[0-9a-f]{4}$/;
const NOTE =
  "sidecars that 'tandem sidecar cleanup' moved here; 'tandem sidecar undo' with the name of this run puts them back";

/** A run that is being written. */
export interface OpenRun {
  readonly name: string;
  /** Raw, with a slash at its end. */
  readonly folder: string;
  readonly manifest: ManifestWriter;
}

/** The raw path of the folder of a run, with a slash at its end. */
export function runFolder(prefix: string, run: string): string {
  return `${prefix}${QUARANTINE}/${run}/`;
}

/** A name for a run that begins now: names sort by time, and are short enough to be typed. */
export function newRunName(): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

/**
 * Makes the folder of a run and its manifest, durable.
 * @param prefix raw path of the folder that is cleaned, with a slash at its end
 * @throws {TandemError} ERR_TANDEM_UNWRITABLE, ERR_TANDEM_NO_SPACE
 */
export function openRun(prefix: string, directory: string, name: string, steps: FileSteps): OpenRun {
  const folder = runFolder(prefix, name);
  try {
    makeFolder(prefix + QUARANTINE, prefix, steps);
    steps.mkdir(folder.slice(0, -1));
    steps.syncFolder(`${prefix}${QUARANTINE}`);
    const manifest = new ManifestWriter(folder + MANIFEST, steps);
    const created_at = new Date().toISOString();
    const header: ManifestHeader = {
      tandem: 'quarantine',
      version: 1,
      run: name,
      created_at,
      directory,
      note: NOTE,
    };
    manifest.write([header]);
    manifest.sync();
    steps.syncFolder(folder);
    return { name, folder, manifest };
  } catch (error) {
    throw writeError(error, folder);
  }
}

/** The runs that are in the quarantine of a folder, the last one first. */
export function runsOf(prefix: string): string[] {
  const names = namesIn(`${prefix}${QUARANTINE}`);
  return names
    .filter((name) => RUN.test(name))
    .sort()
    .reverse();
}

/** Whether nothing but a manifest is left of a run. */
export function isEmptyRun(prefix: string, run: string): boolean {
  return namesIn(runFolder(prefix, run)).every((name) => name === MANIFEST);
}

/** Removes what is left of runs of which nothing is stored any more, and the quarantine with the last of them. */
export function removeEmptyRuns(prefix: string, steps: FileSteps): void {
  const quarantine = prefix + QUARANTINE;
  for (const run of runsOf(prefix).filter((each) => isEmptyRun(prefix, each))) {
    const folder = runFolder(prefix, run);
    tidying(quarantine, () => {
      if (namesIn(folder).includes(MANIFEST)) steps.unlink(folder + MANIFEST);
      steps.rmdir(folder.slice(0, -1));
    });
  }
  if (!existsSync(toFsPath(quarantine)) || namesIn(quarantine).length > 0) return;
  tidying(quarantine, () => {
    steps.rmdir(quarantine);
    steps.syncFolder(prefix);
  });
}

/** Somebody else may be quicker, or put something there: then it stays. */
function tidying(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(errnoOf(error))) throw writeError(error, path);
  }
}

/** The names in a folder; none where it is not there. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(toFsPath(folder), 'latin1');
  } catch (error) {
    if (leadsNowhere(error)) return [];
    throw new TandemError('ERR_TANDEM_UNREADABLE', { path: shownText(folder), cause: error });
  }
}

function makeFolder(path: string, parent: string, steps: FileSteps): void {
  try {
    steps.mkdir(path);
    steps.syncFolder(parent);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    // A link of that name would lead the files to who knows where.
    if (!lstatSync(toFsPath(path)).isDirectory()) throw error;
  }
}
