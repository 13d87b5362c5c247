import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './processes.mjs';

/**
 * Writes a .d.cts beside each .d.ts. Node loads an ES module by require(), but TypeScript before 5.8 takes
 * its types for those of a module that require() refuses.
 */
export function writeCommonjsTypes() {
  const packages = join(ROOT, 'packages');
  for (const name of readdirSync(packages)) {
    const dist = join(packages, name, 'dist');
    if (existsSync(dist)) writeTypesIn(dist);
  }
}

function writeTypesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) writeTypesIn(path);
    else if (entry.name.endsWith('.d.ts')) writeTypesOf(path);
  }
}

function writeTypesOf(path) {
  const target = path.replace(/\.d\.ts$/, '.d.cts');
  const known = statSync(target, { throwIfNoEntry: false });
  if (known !== undefined && known.mtimeMs >= statSync(path).mtimeMs) return;
  const types = readFileSync(path, 'utf8');
  writeFileSync(target, types.replace(/((?:from |import\(|import )['"]\.[^'"]*)\.ts(['"])/g, '$1.cts$2'));
}
