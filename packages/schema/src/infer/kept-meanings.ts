import { spaceOf } from '../definitions/definition.ts';
import type { FileStatements, LinedDefinition, LinedText } from './file-statements.ts';
import type { InferredNeed } from './inferred-need.ts';

/**
 * A statement about all objects that exist, or that will exist. In another position it does not fail; it has
 * a different meaning.
 */
interface BroadStatement {
  /** For display: `all tables in schema app`. */
  readonly what: string;
  /** True if it affects what was created before it; otherwise it affects what will be created. */
  readonly isAboutThePast: boolean;
  readonly space: string;
  /** null for all schemas. */
  readonly schemas: readonly string[] | null;
  readonly line: number;
}

const SPACES: Readonly<Record<string, string>> = {
  tables: 'relation',
  sequences: 'relation',
  functions: 'function',
  procedures: 'function',
  routines: 'function',
  types: 'type',
  schemas: 'schema',
};
const ON_ALL = /\bon\s+all\s+(\w+)\s+in\s+schema\s+(.+?)\s+(?:to|from)\b/is;
const DEFAULTS = /\b(?:grant|revoke)\b.*?\bon\s+(\w+)\s+(?:to|from)\b/is;
const IN_SCHEMA = /\bin\s+schema\s+(.+?)\s+(?:grant|revoke)\b/is;

/**
 * What PostgreSQL would accept in another order but understand differently: GRANT ON ALL ... IN SCHEMA stays
 * after the objects that it affects, these stay after ALTER DEFAULT PRIVILEGES, and a file stays after the
 * one whose search path it uses. All of these needs point to a file that is earlier in the configured order,
 * so that they matter only for a file that is postponed.
 * @param files in the configured order
 */
export function keptMeanings(files: readonly FileStatements[]): InferredNeed[] {
  const kept = files.flatMap(({ privileges }, file) =>
    privileges.flatMap((each) => {
      const broad = broadStatement(each);
      return broad === null ? [] : keptAround(file, broad, files);
    }),
  );
  return [...kept, ...keptPaths(files)];
}

function broadStatement({ line, text }: LinedText): BroadStatement | null {
  const [, plural, said] = ON_ALL.exec(text) ?? [];
  const [, later] = plural === undefined ? (DEFAULTS.exec(text) ?? []) : [];
  const objects = (plural ?? later ?? '').toLowerCase();
  const space = SPACES[objects];
  if (space === undefined) return null;
  const names = plural === undefined ? IN_SCHEMA.exec(text)?.[1] : said;
  const schemas = names === undefined ? null : names.split(',').map(plainName);
  const what =
    plural === undefined
      ? `default privileges of ${objects}`
      : `all ${objects} in schema ${schemas?.join(', ')}`;
  return { what, isAboutThePast: plural !== undefined, space, schemas, line };
}

function plainName(written: string): string {
  const name = written.trim();
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

function keptAround(
  broad: number,
  statement: BroadStatement,
  files: readonly FileStatements[],
): InferredNeed[] {
  const { isAboutThePast, what: object, line } = statement;
  const [from, to] = isAboutThePast ? [0, broad] : [broad + 1, files.length];
  const needs: InferredNeed[] = [];
  for (let other = from; other < to; other++) {
    const created = (files[other] as FileStatements).definitions.find((each) => isAbout(statement, each));
    if (created === undefined) continue;
    const places = isAboutThePast
      ? { file: broad, line, target: other, targetLine: created.line }
      : { file: other, line: created.line, target: broad, targetLine: line };
    needs.push({ ...places, object, kind: 'object', isCertain: false });
  }
  return needs;
}

function isAbout({ space, schemas }: BroadStatement, definition: LinedDefinition): boolean {
  const { schema } = definition;
  return (
    isCreation(definition) &&
    spaceOf(definition.kind) === space &&
    (schema === '' || (schemas?.includes(schema) ?? true))
  );
}

function isCreation({ how }: LinedDefinition): boolean {
  return how === 'create' || how === 'lenient';
}

function keptPaths(files: readonly FileStatements[]): InferredNeed[] {
  let setter: { readonly target: number; readonly targetLine: number } | null = null;
  return files.flatMap((statements, file): InferredNeed[] => {
    const line = inheritsPathAt(statements);
    const before = setter;
    const set = statements.definitions.findLast(({ how }) => how === 'path');
    if (set !== undefined) setter = { target: file, targetLine: set.line };
    if (before === null || line === null) return [];
    return [{ file, line, object: 'search_path', ...before, kind: 'object', isCertain: false }];
  });
}

/** Objects of other kinds are in no schema, or in the schema of their table. */
const PLACED: ReadonlySet<string> = new Set(['relation', 'type', 'function']);

/**
 * The line of the first statement that creates something in the search path that earlier files set; null if
 * there is none.
 */
export function inheritsPathAt({ definitions }: FileStatements): number | null {
  for (const definition of definitions) {
    if (definition.how === 'path') return null;
    const { schema, kind, line } = definition;
    if (isCreation(definition) && schema === '' && kind !== 'index' && PLACED.has(spaceOf(kind))) return line;
  }
  return null;
}
