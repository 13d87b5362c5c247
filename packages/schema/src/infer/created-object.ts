import { ANYWHERE, isInSchema, type Space, shownName } from './space.ts';

/** Something that a statement brings into being. */
export interface CreatedObject {
  readonly space: Space;
  /** null for what is in no schema. */
  readonly schema: string | null;
  readonly name: string;
  /** Its schema is not said, and goes by the search path. */
  readonly isBare: boolean;
  /** The own name of what belongs to a relation; of a unique key its columns. */
  readonly own: string | null;
  /** For people: `table app.users`. */
  readonly what: string;
  /** Of a function: what it takes. */
  readonly inputs: FunctionInputs | null;
  /** Of operators, casts and operator classes: the types that they are for, as they are written. */
  readonly forTypes: readonly (readonly string[])[];
}

export interface FunctionInputs {
  /** Their types, as two spellings of them are the same. */
  readonly types: readonly string[];
  /** Arguments that a call has at least and at most. */
  readonly least: number;
  readonly most: number;
}

type Further = Partial<Pick<CreatedObject, 'own' | 'what' | 'inputs' | 'forTypes'>>;

/**
 * @param kind for people: `materialized view`
 * @param name with its schema where that is said
 * @param path schemas in which names without one are looked up
 */
export function createdObject(
  space: Space,
  kind: string,
  name: readonly string[],
  path: readonly string[],
  { own = null, what, inputs = null, forTypes = [] }: Further = {},
): CreatedObject {
  const [last = '', said] = [...name].reverse();
  const schema = isInSchema(space) ? (said ?? creationSchema(path)) : null;
  const shown = shownName(schema, last);
  const told = what ?? `${kind} ${own === null ? shown : `${own} on ${shown}`}`;
  const isBare = said === undefined && schema !== null;
  return { space, schema, name: last, isBare, own, what: told, inputs, forTypes };
}

/** The schema that a name without one is created in. */
export function creationSchema(path: readonly string[]): string {
  return path[0] ?? ANYWHERE;
}
