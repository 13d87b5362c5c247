import { BUILTIN_TYPES } from './builtin-types.ts';
import type { CreatedObject } from './created-object.ts';
import type { FileFacts } from './file-facts.ts';
import { FunctionIndex } from './function-index.ts';
import { ANYWHERE, isInSchema, keyOf, type Space, TEMPORARY } from './space.ts';
import type { Use } from './use.ts';

/** Where an object is created. */
export interface FoundCreation {
  readonly object: CreatedObject;
  /** Index of the file. */
  readonly file: number;
  readonly line: number;
}

/** What a name means. */
export interface Meaning {
  /** All of them have to be there first; of other files than the one that uses it. Empty where the file has it itself. */
  readonly creations: readonly FoundCreation[];
  /** Whether each of these is meant for certain. */
  readonly isCertain: boolean;
}

const NOTHING: Meaning = { creations: [], isCertain: true };

/** Everything that the files create, by name. */
export class ObjectIndex {
  readonly #byKey = new Map<string, FoundCreation[]>();
  readonly #altered = new Set<string>();
  readonly #functions = new FunctionIndex();

  constructor(files: readonly FileFacts[]) {
    for (const [file, { creations }] of files.entries()) {
      for (const { object, line } of creations) {
        const { space, schema, name, own } = object;
        if (space === 'function') {
          this.#functions.add({ object, file, line });
          continue;
        }
        const key = keyOf(space, schema, name, own);
        if (space === 'column') this.#altered.add(name);
        const found = this.#byKey.get(key);
        if (found === undefined) this.#byKey.set(key, [{ object, file, line }]);
        else found.push({ object, file, line });
      }
    }
  }

  /** Whether a relation of that name, in whatever schema, has columns that were added or renamed. */
  hasAddedColumns(relation: string): boolean {
    return this.#altered.has(relation);
  }

  /** What a use in a file means; null where no file creates it, so that PostgreSQL or an extension has it. */
  meaningOf(use: Use, file: number): Meaning | null {
    if (use.space === 'function') {
      const meaning = this.#functions.meaningOf(use, file);
      return meaning === null && this.#mayBeCast(use)
        ? this.meaningOf({ ...use, space: 'type', args: null, isCertain: false }, file)
        : meaning;
    }
    const found = this.find(use.space, use.name, use.own, use.path, file);
    if (found === null) return null;
    if (isOwn(found, file, use.line)) return NOTHING;
    // What is created again, or only where it is not there, is there from the first time on.
    const first = found.find((each) => each.file !== file);
    return first === undefined ? NOTHING : { creations: [first], isCertain: use.isCertain };
  }

  /** A call with one argument, as in mood('happy'). */
  #mayBeCast({ name, path, args }: Use): boolean {
    return args !== null && 'count' in args && args.count === 1 && !this.#functions.has(name, path);
  }

  /** Every creation of the object that a name means; not of functions. */
  find(
    space: Space,
    name: readonly string[],
    own: string | null,
    path: readonly string[],
    file: number,
  ): readonly FoundCreation[] | null {
    const [last = '', said] = [...name].reverse();
    if (!isInSchema(space)) return this.#byKey.get(keyOf(space, null, last, own)) ?? null;
    if (space === 'type' && (said === undefined || said === 'pg_catalog') && BUILTIN_TYPES.has(last))
      return null;
    const schemas = said === undefined ? [TEMPORARY, ...path, ANYWHERE, TEMPORARY] : [said];
    for (const [place, schema] of schemas.entries()) {
      for (const each of space === 'type' ? (['type', 'relation'] as const) : [space]) {
        const found = this.#byKey.get(keyOf(each, schema, last, own));
        // A temporary table hides others in its own file, and is looked for last by another one.
        const isHidden = place === 0 && said === undefined && found?.every((other) => other.file !== file);
        if (found !== undefined && !isHidden) return found;
      }
    }
    return null;
  }
}

/** The file has created it before it is used. */
function isOwn(found: readonly FoundCreation[], file: number, line: number): boolean {
  return found.some((each) => each.file === file && each.line <= line);
}
