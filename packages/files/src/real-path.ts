import { realpathSync } from 'node:fs';
import { toFsPath } from './raw-path.ts';

/**
 * The absolute path of a raw path, with links resolved as far as it exists; the rest is kept as spelt, as in
 * Python's Path.resolve. `..` after a link leaves the folder to which the link leads.
 * @param raw absolute, with `/` between its parts
 */
export function realPath(raw: string): string {
  try {
    const real = realpathSync.native(toFsPath(raw), 'latin1');
    return process.platform === 'win32' ? real.replaceAll('\\', '/') : real;
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
