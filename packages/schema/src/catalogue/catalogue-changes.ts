import { byKindAndName, type Catalogue, type CatalogueObject } from './catalogue.ts';

/** One object that differs between two databases. */
export interface CatalogueChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly kind: string;
  readonly name: string;
  /** The object that it belongs to, as in the catalog. */
  readonly of: string | null;
  /** Null for an added object. */
  readonly before: string | null;
  /** Null for a removed object. */
  readonly after: string | null;
}

/** The differences, by kind and name. */
export function catalogueChanges(before: Catalogue, after: Catalogue): CatalogueChange[] {
  const old = byIdentity(before);
  const now = byIdentity(after);
  const all = new Map([...old, ...now]);
  const differing = [...all.keys()].filter((key) => old.get(key)?.definition !== now.get(key)?.definition);
  const objects = differing.map((key) => all.get(key) as CatalogueObject).sort(byKindAndName);
  return objects.map(({ kind, name, of }) => {
    const key = identity({ kind, name });
    const was = old.get(key)?.definition ?? null;
    const is = now.get(key)?.definition ?? null;
    return {
      change: was === null ? 'added' : is === null ? 'removed' : 'changed',
      kind,
      name,
      of,
      before: was,
      after: is,
    };
  });
}

function byIdentity(catalogue: Catalogue): Map<string, CatalogueObject> {
  return new Map(catalogue.map((object) => [identity(object), object]));
}

function identity({ kind, name }: Pick<CatalogueObject, 'kind' | 'name'>): string {
  return JSON.stringify([kind, name]);
}
