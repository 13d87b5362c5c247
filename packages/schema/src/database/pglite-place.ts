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

/** PGlite as it is installed beside this package, else in the project of the working folder; null where it is not. */
export function findPglite(): PglitePlace | null {
  for (const from of [moduleUrl(import.meta.url), resolve('package.json')]) {
    try {
      const main = createRequire(from).resolve(NAME);
      return { main, version: versionOf(main) };
    } catch {
      // Not there: the next one.
    }
  }
  return null;
}

/** What must be loaded for an extension beside itself: CREATE EXTENSION ... CASCADE takes it along. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { earthdistance: ['cube'] };

/** The modules of the extensions that come with PGlite, of those that a schema asks for. */
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
