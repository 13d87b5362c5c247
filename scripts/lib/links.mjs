// Scripts written for the older tools call ./target/release/<name>; a link there leads to bin/<name>.
import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, say } from './processes.mjs';

const OLDER_NAMES = ['sportball-sidecar-rust', 'image-sidecar-rust'];

export function linkOlderNames() {
  const folder = join(ROOT, 'target', 'release');
  for (const name of OLDER_NAMES.filter((each) => existsSync(join(ROOT, 'bin', each)))) {
    const link = join(folder, name);
    // An existing file stays: it may be a build of the older tool itself.
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) {
      mkdirSync(folder, { recursive: true });
      tryToLink(join('..', '..', 'bin', name), link);
    }
  }
}

/** Windows lets only some users make links, and no scripts there call them. */
function tryToLink(target, link) {
  try {
    symlinkSync(target, link);
  } catch (error) {
    if (error.code !== 'EEXIST') {
      say(`setup: no link ${link}: ${error.message}`);
    }
  }
}
