import { TandemError } from '@tandem/engine';
import type { OpenOptions, ScratchDatabase } from './scratch-database.ts';

/**
 * Which database to use: PGlite if it is installed, otherwise the server binaries of this machine; one of
 * these two; or a new database next to the one that a URL names.
 */
export type DatabaseChoice = 'auto' | 'pglite' | 'server' | { readonly url: string };

const INSTALL_PGLITE = 'npm install --save-dev @electric-sql/pglite';
const INSTALL_SERVER = "install PostgreSQL's server (Debian: apt-get install postgresql)";

/**
 * Opens a temporary database.
 * @throws {TandemError} ERR_TANDEM_NO_DATABASE with what to install; ERR_TANDEM_DATABASE_FAILED if it does
 *   not start
 */
export async function openDatabase(choice: DatabaseChoice, options: OpenOptions): Promise<ScratchDatabase> {
  if (typeof choice === 'object') {
    const { openBeside } = await import('./server-url.ts');
    return openBeside(choice.url, options);
  }
  if (choice !== 'server') {
    const { findPglite } = await import('./pglite-place.ts');
    const place = findPglite();
    if (place !== null) return (await import('./pglite.ts')).openPglite(place, options);
    if (choice === 'pglite') throw missing('PGlite is not installed', INSTALL_PGLITE);
  }
  const { findServerBinaries } = await import('./server-binaries.ts');
  const bin = findServerBinaries();
  if (bin !== null) return (await import('./ephemeral-cluster.ts')).openCluster(bin, options);
  if (choice === 'server') throw missing("no PostgreSQL server's programs were found", INSTALL_SERVER);
  throw missing(
    "neither PGlite nor a PostgreSQL server's programs are installed",
    `${INSTALL_PGLITE}; or ${INSTALL_SERVER}; or name a server by its URL`,
  );
}

function missing(problem: string, cure: string): TandemError {
  return new TandemError('ERR_TANDEM_NO_DATABASE', { params: { problem, cure } });
}
