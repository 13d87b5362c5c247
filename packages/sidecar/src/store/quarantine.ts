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
import { MANIFEST, type ManifestHeader, ManifestWriter, readHeader } from './manifest.ts';

/** Below the folder that is cleaned, and therefore on the same file system as nearly all of it. */
export const QUARANTINE: `${typeof SCRATCH}quarantine` = `${SCRATCH}quarantine`;
const RUN = /^\d{8}T\d{6}Z-[0-9a-f]{4}$/;
const NOTE =
  "sidecars that 'tandem sidecar cleanup' moved here; 'tandem sidecar undo' with the name of this run puts them back";

/** A run that is being written. */
export interface OpenRun {
  readonly name: string;
  /** Raw, with a trailing slash. */
  readonly folder: string;
  readonly manifest: ManifestWriter;
}

/** The raw path of the folder of a run, with a trailing slash. */
export function runFolder(prefix: string, run: string): string {
  return `${prefix}${QUARANTINE}/${run}/`;
}

/**
 * A name for a run that begins now, short enough to type. Two runs may begin in the same second, so names do
 * not order them.
 */
export function newRunName(): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

/**
 * Creates the folder of a run and its manifest, both durable. Call it under the lock of the tree, so that no
 * other run is created meanwhile.
 * @param prefix raw path of the folder that is cleaned, with a trailing slash
 * @throws {TandemError} ERR_TANDEM_UNWRITABLE, ERR_TANDEM_NO_SPACE
 */
export function openRun(prefix: string, directory: string, name: string, steps: FileSteps): OpenRun {
  const folder = runFolder(prefix, name);
  try {
    makeFolder(prefix + QUARANTINE, prefix, steps);
    steps.mkdir(folder.slice(0, -1));
    steps.syncFolder(`${prefix}${QUARANTINE}`);
    const sequence = (ordersOf(prefix)[0]?.sequence ?? 0) + 1;
    const manifest = new ManifestWriter(folder + MANIFEST, steps);
    const created_at = new Date().toISOString();
    const header: ManifestHeader = {
      tandem: 'quarantine',
      version: 1,
      run: name,
      sequence,
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

/** The runs in the quarantine of a folder, the latest first. */
export function runsOf(prefix: string): string[] {
  return ordersOf(prefix).map(({ run }) => run);
}

/**
 * The position of a run among others: by its number. Runs of older versions, which have none, precede all
 * others and are ordered by time.
 */
interface RunOrder {
  readonly run: string;
  readonly sequence: number;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ` from the header, or the second in its name. */
  readonly time: string;
}

function ordersOf(prefix: string): RunOrder[] {
  const runs = namesIn(`${prefix}${QUARANTINE}`).filter((name) => RUN.test(name));
  return runs.map((run) => orderOf(prefix, run)).sort((one, other) => -inOrder(one, other));
}

function orderOf(prefix: string, run: string): RunOrder {
  const { sequence, created_at } = readHeader(runFolder(prefix, run) + MANIFEST) ?? {};
  const isOne = sequence !== undefined && Number.isSafeInteger(sequence) && sequence > 0;
  const named = run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6.000Z');
  return {
    run,
    sequence: isOne && sequence < Number.MAX_SAFE_INTEGER ? sequence : 0,
    time: typeof created_at === 'string' ? created_at : named,
  };
}

function inOrder(one: RunOrder, other: RunOrder): number {
  if (one.sequence !== other.sequence) return one.sequence - other.sequence;
  const [a, b] = one.time === other.time ? [one.run, other.run] : [one.time, other.time];
  return a < b ? -1 : 1;
}

/** Whether a run has nothing left but a manifest. */
export function isEmptyRun(prefix: string, run: string): boolean {
  return namesIn(runFolder(prefix, run)).every((name) => name === MANIFEST);
}

/** Removes what is left of runs that store no files any longer, and the quarantine with the last of them. */
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

/** Another process may be faster, or put something there: then the folder stays. */
function tidying(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(errnoOf(error))) throw writeError(error, path);
  }
}

/** The names in a folder; none if it does not exist. */
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
    // A link of that name could lead the files anywhere.
    if (!lstatSync(toFsPath(path)).isDirectory()) throw error;
  }
}
