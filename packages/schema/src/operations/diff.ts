import type { RunOptions, Selection } from '@tandem/engine';
import { excerpt, RunEnd } from '@tandem/job';
import type { OwnedCatalogue } from '../catalogue/catalogue.ts';
import type { DatabaseChoice } from '../database/open-database.ts';
import { type DiffChange, type DiffObject, diffCatalogues } from '../diff/catalogue-diff.ts';
import { excludedBy, type Ignored, type IsExcluded } from '../diff/left-out.ts';
import { type ObjectSource, ObjectSources } from '../diff/object-sources.ts';
import { type SchemaSide, sideName } from '../side/schema-side.ts';
import { type SideContext, withProject } from '../side/side-project.ts';
import { applyFresh } from '../verify/apply-fresh.ts';
import { tellStopped, type VerifyFinding } from '../verify/verify-finding.ts';
import type { BuildResult } from './build.ts';

/** What is compared, and how. */
export interface DiffWishes {
  readonly before: SchemaSide;
  /** Default: the project in its current state. */
  readonly after?: SchemaSide;
  /**
   * The database to which files are applied. Default: one created next to the database that is compared,
   * because each version prints definitions in its own way; if no side is a database, 'auto'.
   */
  readonly database?: DatabaseChoice;
  /**
   * Differences to ignore. Default: owners, if one side is a database, because the user who runs the diff
   * rarely owns it.
   */
  readonly ignore?: readonly Ignored[];
  /**
   * Patterns for objects to leave out, together with everything that depends on them: `app.log_*`,
   * `flyway_*`.
   */
  readonly exclude?: readonly string[];
}

/** One side, and what it was applied to or read from. */
export interface DiffSide {
  /** For display; a URL without its password. */
  readonly name: string;
  readonly kind: 'folder' | 'revision' | 'database';
  /** The number of files in the build; null for a database. */
  readonly files: number | null;
  /** The server and its version; null if none was needed. */
  readonly server: string | null;
}

/** What stopped a side from being applied. */
export interface DiffFinding extends VerifyFinding {
  readonly side: 'before' | 'after';
  /** The source line with a caret below the position. */
  readonly excerpt: readonly string[];
}

/**
 * An added object and where it is created, as far as that is known; for a removed object, where it was
 * created.
 */
export type SourcedObject = DiffObject & { readonly source: ObjectSource | null };
export type SourcedChange = DiffChange & { readonly source: ObjectSource | null };

/** The result of a diff. */
export interface DiffReport {
  /** Whether both sides could be compared. */
  readonly compared: boolean;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Errors only. */
  readonly findings: readonly DiffFinding[];
  readonly added: readonly SourcedObject[];
  readonly removed: readonly SourcedObject[];
  readonly changed: readonly SourcedChange[];
  /** The engine that read the files; null if both sides are databases. */
  readonly selection: Selection | null;
  /** The total time. */
  readonly seconds: number;
}

/** Builds a project in memory, with its source map. */
export type BuildSide = (projectDir: string, signal: AbortSignal) => Promise<BuildResult>;

/**
 * Compares the schemas that two sides produce in a database. Files are applied to a temporary database, which
 * is dropped afterwards; a database that is one of the sides is only read.
 * @throws {TandemError} what a verify throws, what withProject throws for a revision, ERR_TANDEM_BAD_ARGUMENT
 *   for an invalid pattern
 */
export async function diffSides(
  wishes: DiffWishes,
  context: Omit<SideContext, 'signal'>,
  options: Pick<RunOptions, 'timeout' | 'signal'>,
  build: BuildSide,
): Promise<DiffReport> {
  const began = performance.now();
  const end = new RunEnd(options);
  const { before, after = { dir: context.projectDir }, exclude = [] } = wishes;
  const isExcluded = excludedBy(exclude);
  const within = { ...context, signal: end.signal };
  try {
    // Both sides exist until the report is complete: findings name lines of their files.
    const report = await withSide(before, within, build, (one) =>
      withSide(after, within, build, (other) => compare(one, other, { ...wishes, isExcluded }, end.signal)),
    );
    return { ...report, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    throw end.error(error);
  } finally {
    end.release();
  }
}

/** A side that is ready to be inspected. */
interface ReadySide {
  readonly side: SchemaSide;
  readonly built: BuildResult | null;
  shown(text: string): string;
}

async function withSide<T>(
  side: SchemaSide,
  context: SideContext,
  build: BuildSide,
  work: (ready: ReadySide) => Promise<T>,
): Promise<T> {
  if ('url' in side) return work({ side, built: null, shown: (text) => text });
  return withProject(side, context, async (project) =>
    work({
      side,
      built: await build(project.projectDir, context.signal),
      shown: (text) => project.shown(text),
    }),
  );
}

async function compare(
  before: ReadySide,
  after: ReadySide,
  wishes: Pick<DiffWishes, 'database' | 'ignore'> & { readonly isExcluded: IsExcluded },
  signal: AbortSignal,
): Promise<Omit<DiffReport, 'seconds'>> {
  const selection = before.built?.selection ?? after.built?.selection ?? null;
  const facts = { compared: true, findings: [], added: [], removed: [], changed: [], selection };
  // The same SQL produces the same schema.
  if (before.built !== null && before.built.bodySha256 === after.built?.bodySha256) {
    return { ...facts, before: told(before, null), after: told(after, null) };
  }
  const database = wishes.database ?? databaseOf(before) ?? databaseOf(after) ?? 'auto';
  const one = await lookAt(before, 'before', database, signal);
  const other = await lookAt(after, 'after', database, signal);
  const report = { ...facts, before: told(before, one.server), after: told(after, other.server) };
  if (one.held === null || other.held === null) {
    return { ...report, compared: false, findings: [...one.findings, ...other.findings] };
  }
  const isLive = before.built === null || after.built === null;
  const ignored = new Set(wishes.ignore ?? (isLive ? (['owner'] as const) : []));
  const { added, removed, changed } = diffCatalogues(one.held, other.held, ignored, wishes.isExcluded);
  const [was, is] = [sourcesOf(before), sourcesOf(after)];
  return {
    ...report,
    added: added.map((object) => ({ ...object, source: is(object) })),
    removed: removed.map((object) => ({ ...object, source: was(object) })),
    changed: changed.map((change) => ({ ...change, source: is(change) ?? was(change) })),
  };
}

function databaseOf({ side }: ReadySide): DatabaseChoice | null {
  return 'url' in side ? { url: side.url } : null;
}

interface Looked {
  readonly held: OwnedCatalogue | null;
  readonly server: string;
  readonly findings: readonly DiffFinding[];
}

async function lookAt(
  { side, built, shown }: ReadySide,
  which: DiffFinding['side'],
  database: DatabaseChoice,
  signal: AbortSignal,
): Promise<Looked> {
  if ('url' in side) {
    const { readNamed } = await import('../database/named-database.ts');
    return { ...(await readNamed(side.url, sideName(side), signal)), findings: [] };
  }
  const schema = schemaOf(built);
  const { held, server, stopped, database: kind } = await applyFresh(schema, database, true, signal);
  if (stopped === null || built === null || built.map === null) return { held, server, findings: [] };
  const finding = tellStopped(stopped, schema, built.map, kind);
  const findings = [{ ...finding, side: which, excerpt: excerpt(finding), path: shown(finding.path) }];
  return { held, server, findings };
}

function sourcesOf({ built, shown }: ReadySide): (object: DiffChange | DiffObject) => ObjectSource | null {
  if (built === null || built.map === null) return () => null;
  const sources = new ObjectSources(schemaOf(built), built.map);
  return (object) => {
    const source = sources.of(object);
    return source === null ? null : { ...source, path: shown(source.path) };
  };
}

function schemaOf(built: BuildResult | null): Buffer {
  return Buffer.concat(built?.schema ?? []);
}

function told({ side, built }: ReadySide, server: string | null): DiffSide {
  const kind = 'url' in side ? 'database' : 'dir' in side ? 'folder' : 'revision';
  return { name: sideName(side), kind, files: built?.files ?? null, server };
}
