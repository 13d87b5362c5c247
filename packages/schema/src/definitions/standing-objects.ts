import { type Definition, spaceOf } from './definition.ts';

/** Names without a schema refer to this schema until a statement sets another one. */
const FIRST_SCHEMA = 'public';

/** In these spaces, objects are also distinguished by their detail. */
const DETAILED: ReadonlySet<string> = new Set(['function', 'trigger', 'policy', 'rule']);

/**
 * The objects that exist after the statements so far, which are added in their order:
 * spec/schema/definitions.md, "What is created twice".
 */
export class StandingObjects<Place> {
  readonly #places = new Map<string, Place>();
  /** Keys of the objects that are dropped with a table, or with all functions of a name. */
  readonly #below = new Map<string, Set<string>>();
  #path = '';

  /**
   * @returns where the object was already created; null if it was not, and for a definition that creates
   *   nothing
   */
  add(definition: Definition, place: Place): Place | null {
    if (definition.how === 'path') {
      this.#path = definition.name;
      return null;
    }
    if (definition.how === 'drop') {
      this.#drop(definition);
      return null;
    }
    const key = this.#key(definition);
    const first = this.#places.get(key);
    if (first !== undefined) return first;
    this.#places.set(key, place);
    const owner = this.#owner(definition);
    if (owner !== null) {
      const below = this.#below.get(owner);
      if (below === undefined) this.#below.set(owner, new Set([key]));
      else below.add(key);
    }
    return null;
  }

  #drop(definition: Definition): void {
    const { kind } = definition;
    if (kind === 'all') {
      this.#places.clear();
      this.#below.clear();
      return;
    }
    this.#forget(definition);
    // Temporary objects are found first.
    if (definition.schema === '') this.#forget({ ...definition, schema: 'pg_temp' });
  }

  #forget(definition: Definition): void {
    const { kind } = definition;
    this.#places.delete(this.#key(definition));
    // A composite type is a relation.
    if (kind === 'type') this.#places.delete(this.#key({ ...definition, kind: 'composite type' }));
    const owner = kind === 'function' ? this.#owner(definition) : this.#keyOf('relation', definition);
    for (const key of this.#below.get(owner ?? '') ?? []) this.#places.delete(key);
    this.#below.delete(owner ?? '');
  }

  #key(definition: Definition): string {
    const space = spaceOf(definition.kind);
    return this.#keyOf(space, definition, DETAILED.has(space) ? definition.detail : '');
  }

  /** The key of the owner whose drop also drops the object. */
  #owner(definition: Definition): string | null {
    const { kind, detail } = definition;
    if (kind === 'function' || kind === 'procedure') return this.#keyOf('functions', definition);
    if (kind === 'index') return this.#keyOf('relation', { ...definition, name: detail });
    return kind === 'trigger' || kind === 'policy' || kind === 'rule'
      ? this.#keyOf('relation', definition)
      : null;
  }

  #keyOf(space: string, { schema, name }: Definition, detail = ''): string {
    const isAlone = space === 'schema' || space === 'extension';
    const place = isAlone ? '' : schema || this.#path || FIRST_SCHEMA;
    // No name contains a NUL.
    return `${space}\0${place}\0${name}\0${detail}`;
  }
}

/** An object for display: `table app.users`, `trigger touch on app.users`. */
export function shownObject({ kind, schema, name, detail }: Definition): string {
  const whole = schema === '' ? name : `${schema}.${name}`;
  switch (kind) {
    case 'function':
    case 'procedure':
      return `${kind} ${whole}(${detail})`;
    case 'trigger':
    case 'policy':
    case 'rule':
      return `${kind} ${detail} on ${whole}`;
    case 'composite type':
      return `type ${whole}`;
    default:
      return `${kind} ${whole}`;
  }
}
