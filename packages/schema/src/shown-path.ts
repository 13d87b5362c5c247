import { sep } from 'node:path';
import { shownText } from '@tandem/files';

/** A path as shown to users: relative to the working folder if it lies below it, as compilers do. */
export function shownPath(raw: string): string {
  const path = shownText(raw);
  const here = `${process.cwd()}${sep}`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
