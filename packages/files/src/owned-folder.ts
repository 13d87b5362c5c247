import { chownSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifeOf, newRun, parseRun } from './run-id.ts';

/** The file with the id of the run that made the folder. */
const OWNER = 'owner';
/** The age after which a folder is removed although nobody knows the state of its run, as after a restart. */
const FORGOTTEN_MS = 24 * 3_600_000;

/**
 * Makes a temporary folder that only its user may enter. If the run is killed, a later run removes it by
 * removeDeadFolders.
 * @param user the owner of the folder; default: the user of this process
 */
export function makeOwnedFolder(parent: string, prefix: string, user?: { uid: number; gid: number }): string {
  const folder = mkdtempSync(join(parent, prefix));
  writeFileSync(join(folder, OWNER), newRun().id);
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Removes such a folder with its content; processes that are about to end may still write to it. */
export function removeOwnedFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/**
 * Removes the folders of runs that are certainly gone.
 * @param uids the users whose folders may be removed: a folder of another user could change into a link meanwhile
 * @param end ends what may still be at work in a folder
 */
export function removeDeadFolders(
  parent: string,
  prefix: string,
  uids: readonly (number | undefined)[],
  end: (folder: string) => void = () => undefined,
): void {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(prefix))) {
    const folder = join(parent, name);
    try {
      const facts = lstatSync(folder);
      if (!facts.isDirectory() || !(process.getuid === undefined || uids.includes(facts.uid))) continue;
      const run = parseRun(readFileSync(join(folder, OWNER), 'utf8'));
      const life = run === null ? 'alive' : lifeOf(run);
      const isForgotten = Date.now() - facts.mtimeMs > FORGOTTEN_MS;
      if (life === 'alive' || (life === 'unknown' && !isForgotten)) continue;
      end(folder);
      removeOwnedFolder(folder);
    } catch {
      // Not ours, or another run removes it at this moment.
    }
  }
}
