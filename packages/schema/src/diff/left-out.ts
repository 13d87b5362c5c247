import type { Catalogue, CatalogueObject, OwnedCatalogue } from '../catalogue/catalogue.ts';
import { type NameGlob, parseNameGlob } from '../selection/name-glob.ts';
import { badSide } from '../side/schema-side.ts';

/**
 * What a diff can ignore. owner: the owner of an object, and what follows from it: privileges that an owner
 * has anyway, and the role that default privileges are for. grant: all privileges. comment: comments on objects.
 * column-order: a different order of columns.
 */
export type Ignored = 'owner' | 'grant' | 'comment' | 'column-order';

export const IGNORED: readonly Ignored[] = ['owner', 'grant', 'comment', 'column-order'];

const KINDS: Readonly<Record<Ignored, readonly string[]>> = {
  owner: ['owner'],
  grant: ['grant', 'default privileges'],
  comment: ['comment'],
  'column-order': [],
};
/** `for ROLE in SCHEMA on ...`, with a quoted or an unquoted name. */
const FOR_ROLE = /^for (?:"(?:[^"]|"")*"|\S+) /;

/** A catalog without what is ignored in a comparison with another one. */
export function withoutIgnored(
  { catalogue }: OwnedCatalogue,
  other: OwnedCatalogue,
  ignored: ReadonlySet<Ignored>,
): Catalogue {
  const kinds = new Set([...ignored].flatMap((each) => KINDS[each]));
  const left = catalogue.filter(({ kind }) => !kinds.has(kind));
  if (!ignored.has('owner')) return left;
  return withoutRoles(left.filter((object) => !isOwnersRight(object, other)));
}

/**
 * Whether the grantee owns the object in the other database, and therefore has the privilege there without a
 * grant.
 */
function isOwnersRight({ kind, name, of }: CatalogueObject, { owners }: OwnedCatalogue): boolean {
  const owner = of === null ? undefined : owners.get(of);
  return kind === 'grant' && owner !== undefined && name.endsWith(` to ${owner}`);
}

/**
 * Default privileges without the role that they are for: in another database, other roles create the objects.
 */
function withoutRoles(catalogue: Catalogue): Catalogue {
  const told = new Map<string, CatalogueObject>();
  const others: CatalogueObject[] = [];
  for (const object of catalogue) {
    if (object.kind !== 'default privileges') {
      others.push(object);
      continue;
    }
    const name = object.name.replace(FOR_ROLE, '');
    const before = told.get(name)?.definition;
    const rights = new Set([...(before?.split(', ') ?? []), ...object.definition.split(', ')]);
    told.set(name, { ...object, name, definition: [...rights].sort().join(', ') });
  }
  return [...others, ...told.values()];
}

/** Whether an object is excluded. */
export type IsExcluded = (object: Pick<CatalogueObject, 'name' | 'of'>) => boolean;

/**
 * A test for the objects that patterns name, and for what belongs to them: `app.log_*`, or without a schema
 * `flyway_*`. `*`, `?` and `[a-z]` work as in file names.
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for an invalid pattern
 */
export function excludedBy(patterns: readonly string[]): IsExcluded {
  const globs = patterns.map((pattern): NameGlob => {
    const glob = parseNameGlob(pattern);
    if (typeof glob === 'function') return glob;
    throw badSide(`the pattern ${pattern} ${glob.problem}`, 'correct the class, as in [a-z] or [!0-9]');
  });
  return ({ name, of }) =>
    [name, of].some((each) => {
      if (each === null) return false;
      const last = each.replace(/^(?:"(?:[^"]|"")*"|[^".(]+)\./, '');
      return globs.some((glob) => glob(each) || glob(last));
    });
}
