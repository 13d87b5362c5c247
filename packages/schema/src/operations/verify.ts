import type { RunOptions, Selection } from '@tandem/engine';
import { type Finding, RunEnd } from '@tandem/job';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type CatalogueChange, catalogueChanges } from '../catalogue/catalogue-changes.ts';
import type { DatabaseChoice } from '../database/open-database.ts';
import type { DatabaseKind } from '../database/scratch-database.ts';
import { applyFresh } from '../verify/apply-fresh.ts';
import { tellStopped, type VerifyFinding } from '../verify/verify-finding.ts';
import { type BuildOptions, type BuildRequest, type BuildResult, buildSelected } from './build.ts';

/** What is verified, and where. */
export interface VerifyWishes {
  /** Default 'auto'. */
  readonly database?: DatabaseChoice;
  /** Also return the catalog of the database. */
  readonly dump?: boolean;
  /** Apply the schema to two temporary databases, and compare their catalogs. */
  readonly twice?: boolean;
}

/** The result of a verify. */
export interface VerifyReport {
  /** Whether the whole schema was applied. */
  readonly applied: boolean;
  readonly files: number;
  /** The size of the built schema. */
  readonly bytes: number;
  /** The number of statements that succeeded. */
  readonly statements: number;
  readonly database: DatabaseKind;
  /** The server and its version, for display. */
  readonly server: string;
  readonly errors: number;
  readonly warnings: number;
  /** Warnings of the build, then what stopped the schema. */
  readonly findings: readonly VerifyFinding[];
  /** What the database contained, if `dump` is set and the whole schema was applied. */
  readonly catalogue: Catalogue | null;
  /**
   * What a second database contained that differs, if `twice` is set and the whole schema was applied; should
   * be empty.
   */
  readonly changes: readonly CatalogueChange[] | null;
  /** The engine that read the files. */
  readonly selection: Selection;
  /** The total time. */
  readonly seconds: number;
}

/**
 * Builds a schema in memory and applies it to a temporary database, which is dropped afterwards in every
 * case.
 * @throws {TandemError} ERR_TANDEM_NO_DATABASE, ERR_TANDEM_DATABASE_FAILED, ERR_TANDEM_TIMEOUT,
 *   ERR_TANDEM_ABORTED, and what a build throws
 */
export async function verifySelected(
  request: Omit<BuildRequest, 'output' | 'sourceMap'>,
  wishes: VerifyWishes = {},
  options: BuildOptions = {},
): Promise<VerifyReport> {
  const began = performance.now();
  const end = new RunEnd(options);
  try {
    const built = await buildSelected({ ...request, output: null, sourceMap: true }, within(options, end));
    const report = await applyBuilt(built, wishes, end.signal);
    return { ...report, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    throw end.error(error);
  } finally {
    end.release();
  }
}

/** The build has no timeout of its own. */
function within({ timeout: _, ...options }: BuildOptions, { signal }: RunEnd): BuildOptions & RunOptions {
  return { ...options, signal };
}

async function applyBuilt(
  built: BuildResult,
  { database = 'auto', dump = false, twice = false }: VerifyWishes,
  signal: AbortSignal,
): Promise<Omit<VerifyReport, 'seconds'>> {
  const schema = Buffer.concat(built.schema ?? []);
  const first = await applyFresh(schema, database, dump || twice, signal);
  const { statements, stopped } = first;
  const second = twice && stopped === null ? await applyFresh(schema, database, true, signal) : null;
  const stops = [first, second].flatMap((once) =>
    once === null || once.stopped === null ? [] : [once.stopped],
  );
  const findings = [
    ...built.findings.filter(isNoPsqlLine),
    ...stops.flatMap((stop) =>
      built.map === null ? [] : [tellStopped(stop, schema, built.map, first.database)],
    ),
  ];
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return {
    applied: stops.length === 0,
    files: built.files,
    bytes: built.bytes,
    statements,
    database: first.database,
    server: first.server,
    errors,
    warnings: findings.length - errors,
    findings,
    catalogue: dump ? (first.held?.catalogue ?? null) : null,
    changes:
      first.held !== null && second !== null && second.held !== null
        ? catalogueChanges(first.held.catalogue, second.held.catalogue)
        : null,
    selection: built.selection,
  };
}

/** A verify itself reports the psql commands that it cannot run. */
function isNoPsqlLine({ code }: Finding): boolean {
  return code !== 'ERR_TANDEM_SQL_PSQL_LINE' && code !== 'ERR_TANDEM_SQL_MORE_PSQL_LINES';
}
