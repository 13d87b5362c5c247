import { existsSync } from 'node:fs';
import { platform } from 'node:process';

/** Matches `C:\photos`, and `C:photos`, which the shell passes if the path is not quoted. */
const DRIVE = /^([A-Za-z]):[\\/]?/;

/**
 * A hint that says what to type instead of a Windows path on another system. Null for other paths, and for
 * paths that exist.
 * @param system a value of process.platform
 */
export function windowsPathHint(path: string, system: NodeJS.Platform = platform): string | null {
  if (system === 'win32' || !(DRIVE.test(path) || path.includes('\\')) || existsSync(path)) return null;
  const drive = DRIVE.exec(path)?.[1];
  const rest = path.replace(DRIVE, '').replaceAll('\\', '/');
  if (drive === undefined) return `this is a Windows path: on this system, write '${rest}'`;
  const mounted = `/mnt/${drive.toLowerCase()}/${rest}`;
  return `this is a Windows path: name the folder as this system does, such as '${mounted}' in WSL`;
}
