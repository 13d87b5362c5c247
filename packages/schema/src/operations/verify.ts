import type { RunOptions, Selection } from '@tandem/engine';
import type { DatabaseChoice } from '../database/open-database.ts';
import { openDatabase } from '../database/open-database.ts';
import type { DatabaseKind, ScratchDatabase } from '../database/scratch-database.ts';
import type { Finding } from '../finding.ts';
import { applySchema } from '../verify/apply-schema.ts';
import { requestedExtensions } from '../verify/requested-extensions.ts';
import { RunEnd } from '../verify/run-end.ts';
import { tellStopped, type VerifyFinding } from '../verify/verify-finding.ts';
import { type BuildOptions, type BuildRequest, type BuildResult, buildSelected } from './build.ts';

/** What is looked at, and where. */
export interface VerifyWishes {
  /** 'auto' unless given. */
  readonly database?: DatabaseChoice;
}

/** How a verify ended. */
export interface VerifyReport {
  /** Whether all of it went through. */
  readonly applied: boolean;
  readonly files: number;
  /** Of the built schema. */
  readonly bytes: number;
  /** That went through. */
  readonly statements: number;
  readonly database: DatabaseKind;
  /** The server and its version, for people. */
  readonly server: string;
  readonly errors: number;
  readonly warnings: number;
  /** Warnings of the build, then what stopped the schema. */
  readonly findings: readonly VerifyFinding[];
  /** The engine that read the files. */
  readonly selection: Selection;
  /** That all of it took. */
  readonly seconds: number;
}

/**
 * Builds a schema in memory and applies it to a fresh database that is gone afterwards, however this ends.
 * @throws {TandemError} ERR_TANDEM_NO_DATABASE, ERR_TANDEM_DATABASE_FAILED, ERR_TANDEM_TIMEOUT, ERR_TANDEM_ABORTED, and what a build throws
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

/** The build has no end of its own. */
function within({ timeout: _, ...options }: BuildOptions, { signal }: RunEnd): BuildOptions & RunOptions {
  return { ...options, signal };
}

async function applyBuilt(
  built: BuildResult,
  { database: choice = 'auto' }: VerifyWishes,
  signal: AbortSignal,
): Promise<Omit<VerifyReport, 'seconds'>> {
  const schema = Buffer.concat(built.schema ?? []);
  const database = await openDatabase(choice, { signal, extensions: requestedExtensions(schema) });
  try {
    const { statements, stopped } = await applySchema(schema, database);
    const findings = [
      ...built.findings.filter(isNoPsqlLine),
      ...(stopped === null || built.map === null
        ? []
        : [tellStopped(stopped, schema, built.map, database.kind)]),
    ];
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return {
      applied: stopped === null,
      files: built.files,
      bytes: built.bytes,
      statements,
      ...factsOf(database),
      errors,
      warnings: findings.length - errors,
      findings,
      selection: built.selection,
    };
  } finally {
    await database.close();
  }
}

function factsOf({ kind, about }: ScratchDatabase): Pick<VerifyReport, 'database' | 'server'> {
  return { database: kind, server: about };
}

/** A verify tells itself what it cannot do. */
function isNoPsqlLine({ code }: Finding): boolean {
  return code !== 'ERR_TANDEM_SQL_PSQL_LINE';
}
