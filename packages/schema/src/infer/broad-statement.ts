import { list, nameList, type Tree } from '../parse/node-fields.ts';
import { options } from './definition-uses.ts';
import type { FileFacts } from './file-facts.ts';
import type { InferredNeed } from './inferred-need.ts';
import type { Space } from './space.ts';

/** A statement about whatever there is, or will be. It does not fail in another place; it means something else there. */
export interface BroadStatement {
  /** For people: `all tables in schema app`. */
  readonly what: string;
  /** It is about what was created before it; otherwise about what will be. */
  readonly isAboutThePast: boolean;
  readonly space: Space;
  /** null for all schemas. */
  readonly schemas: readonly string[] | null;
  /** From 1. */
  readonly line: number;
}

const SPACES: Readonly<Record<string, readonly [space: Space, plural: string]>> = {
  OBJECT_FUNCTION: ['function', 'functions'],
  OBJECT_PROCEDURE: ['function', 'procedures'],
  OBJECT_ROUTINE: ['function', 'routines'],
  OBJECT_SEQUENCE: ['relation', 'sequences'],
  OBJECT_TABLE: ['relation', 'tables'],
  OBJECT_TYPE: ['type', 'types'],
};

/** GRANT and REVOKE ON ALL ... IN SCHEMA, and ALTER DEFAULT PRIVILEGES; null for any other statement. */
export function broadStatement(kind: string, tree: Tree, line: number): BroadStatement | null {
  if (kind === 'GrantStmt' && tree['targtype'] === 'ACL_TARGET_ALL_IN_SCHEMA') {
    const [space, plural] = SPACES[String(tree['objtype'])] ?? [];
    if (space === undefined) return null;
    const schemas = nameList(tree['objects']);
    return {
      what: `all ${plural} in schema ${schemas.join(', ')}`,
      isAboutThePast: true,
      space,
      schemas,
      line,
    };
  }
  if (kind !== 'AlterDefaultPrivilegesStmt') return null;
  const [space, plural] = SPACES[String((tree['action'] as Tree | undefined)?.['objtype'])] ?? [];
  if (space === undefined) return null;
  const said = options(tree['options']).find(([name]) => name === 'schemas')?.[1] as
    | { List?: Tree }
    | undefined;
  const schemas = said === undefined ? null : nameList(list(said.List?.['items']));
  return { what: `default privileges of ${plural}`, isAboutThePast: false, space, schemas, line };
}

/**
 * Needs that keep what broad statements are about in an order: a file that is before such a statement in the configured order stays before
 * it, one behind it stays behind it.
 * @param order indices of files
 */
export function changedMeanings(files: readonly FileFacts[], order: readonly number[]): InferredNeed[] {
  const places = new Int32Array(files.length);
  for (const [place, index] of order.entries()) places[index] = place;
  const isBehind = (one: number, other: number): boolean =>
    (places[one] as number) > (places[other] as number);
  const needs: InferredNeed[] = [];
  for (const [broad, { broadStatements }] of files.entries()) {
    for (const statement of broadStatements) {
      const { isAboutThePast: isPast, what: object } = statement;
      for (const [other, { creations }] of files.entries()) {
        const wasBefore = other < broad;
        if (other === broad || wasBefore !== isPast || isBehind(other, broad) !== isPast) continue;
        const created = creations.find((each) => isAbout(statement, each.object));
        if (created === undefined) continue;
        needs.push({
          ...(isPast
            ? { file: broad, line: statement.line, target: other, targetLine: created.line }
            : { file: other, line: created.line, target: broad, targetLine: statement.line }),
          ...{ object, kind: 'object', isCertain: false },
        });
      }
    }
  }
  return needs;
}

function isAbout(
  { space, schemas }: BroadStatement,
  object: { readonly space: Space; readonly schema: string | null },
): boolean {
  return object.space === space && (schemas?.includes(object.schema ?? '') ?? true);
}
