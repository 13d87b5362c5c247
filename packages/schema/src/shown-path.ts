import { sep } from 'node:path';
import { shownText } from '@tandem/files';

/** A path as people are shown it: from the working folder where it lies below that, as a compiler does. */
export function shownPath(raw: string): string {
  const path = shownText(raw);
  const here = `${process.cwd()}${sep}`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
