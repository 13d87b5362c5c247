import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifeOf, newRun, parseRun } from '@tandem/files';

/** Says whose folder it is, so that one of a run that was killed can be told from one that is in use. */
const OWNER = 'owner';
/** A folder whose run cannot be judged from here, as after a restart of the system, is nobody's after this. */
const FORGOTTEN_MS = 24 * 3_600_000;

/** Makes a folder that only its user may enter, and that a later run removes where this one is killed. */
export function makeOwnedFolder(parent: string, prefix: string): string {
  const folder = mkdtempSync(join(parent, prefix));
  writeFileSync(join(folder, OWNER), newRun().id);
  return folder;
}

/**
 * Removes the folders of runs that are certainly gone.
 * @param uids the users whose folders are ours: what anybody may write to while it is removed could lead us elsewhere
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
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Not ours, or another run removes it at this moment.
    }
  }
}
