import { describe } from 'vitest';
import { findPglite } from '../src/database/pglite-place.ts';
import { findServerBinaries } from '../src/database/server-binaries.ts';

const binaries = findServerBinaries();

// .ci/run sets it, so that no test is skipped there.
if (binaries === null && process.env['TANDEM_REQUIRE_POSTGRES'] === '1') {
  throw new Error("TANDEM_REQUIRE_POSTGRES is set, and no PostgreSQL server's programs were found");
}

/** For a hook that opens a database, on a machine that is busy with other tests. */
export const OPENING: number = 120_000;

// A database takes seconds, and the code that is tested with it is the same on both engines.
const elsewhere = process.env['TANDEM_ENGINE'] === 'native' ? 'the run on typescript has it' : null;

/**
 * Tests that need the programs of a PostgreSQL server; without them the name says why the tests are skipped.
 */
export function describeServer(name: string, tests: () => void): void {
  const reason = binaries === null ? "no PostgreSQL server's programs were found" : elsewhere;
  describe.skipIf(reason !== null)(`${name}${reason === null ? '' : ` (skipped: ${reason})`}`, tests);
}

/** Tests that need PGlite. It is a dependency of the tests, so its absence is a failure. */
export function describePglite(name: string, tests: () => void): void {
  if (findPglite() === null) throw new Error('@electric-sql/pglite is not installed');
  describe.skipIf(elsewhere !== null)(
    `${name}${elsewhere === null ? '' : ` (skipped: ${elsewhere})`}`,
    tests,
  );
}
