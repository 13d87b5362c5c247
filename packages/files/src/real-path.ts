import { realpathSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { leadsNowhere } from './entry-kind.ts';
import { toFsPath } from './raw-path.ts';
import { shownText } from './shown-text.ts';

/**
 * The absolute path of a raw path, with links resolved as far as it exists; the rest is kept as spelled, as in
 * Python's Path.resolve. `..` after a link leaves the folder to which the link leads.
 * @param raw absolute, with `/` between its parts
 */
export function realPath(raw: string): string {
  try {
    return resolved(raw);
  } catch {
    const trimmed = raw.replace(/\/+$/, '');
    const slash = trimmed.lastIndexOf('/');
    if (slash < 0) return raw;
    const name = trimmed.slice(slash + 1);
    const parent = realPath(trimmed.slice(0, slash + 1));
    if (name === '' || name === '.') return parent;
    if (name === '..') return parent.slice(0, Math.max(1, parent.lastIndexOf('/')));
    return parent.endsWith('/') ? parent + name : `${parent}/${name}`;
  }
}

/**
 * The absolute path of a raw path with all links resolved; null if it leads nowhere.
 * @throws {TandemError} ERR_TANDEM_UNREADABLE
 */
export function existingPath(raw: string): string | null {
  try {
    return resolved(raw);
  } catch (error) {
    if (leadsNowhere(error)) return null;
    throw new TandemError('ERR_TANDEM_UNREADABLE', { path: shownText(raw), cause: error });
  }
}

function resolved(raw: string): string {
  const real = realpathSync.native(toFsPath(raw), 'latin1');
  return process.platform === 'win32' ? real.replaceAll('\\', '/') : real;
}
