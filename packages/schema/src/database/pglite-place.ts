import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { moduleUrl } from '@tandem/engine';

/** Where PGlite is installed. */
export interface PglitePlace {
  /** The file that require() loads. */
  readonly main: string;
  readonly version: string;
}

const NAME = '@electric-sql/pglite';

/**
 * PGlite as installed next to this package, otherwise in the project of the working folder; null if it is not
 * installed.
 */
export function findPglite(): PglitePlace | null {
  for (const from of [moduleUrl(import.meta.url), resolve('package.json')]) {
    try {
      const main = createRequire(from).resolve(NAME);
      return { main, version: versionOf(main) };
    } catch {
      // Not installed here; try the next location.
    }
  }
  return null;
}

/**
 * The modules that an extension requires in addition to its own: CREATE EXTENSION ... CASCADE also creates
 * those extensions.
 */
const NEEDED: Readonly<Record<string, readonly string[]>> = { earthdistance: ['cube'] };

/** The modules of the requested extensions, as far as they come with PGlite. */
export function contribModules({ main }: PglitePlace, extensions: Iterable<string>): string[] {
  const load = createRequire(main);
  const wanted = [...extensions].flatMap((name) => [...(NEEDED[name] ?? []), name]);
  const modules = new Set(wanted.map((name) => name.replaceAll('-', '_')));
  return [...modules].filter((name) => {
    if (!/^\w+$/.test(name)) return false;
    try {
      return existsSync(load.resolve(`${NAME}/contrib/${name}`));
    } catch {
      return false;
    }
  });
}

function versionOf(main: string): string {
  const file = join(dirname(main), '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
