import type { CreatedObject, FunctionInputs } from './created-object.ts';
import type { FoundCreation, Meaning } from './object-index.ts';
import { keyOf } from './space.ts';
import type { Use } from './use.ts';

/** A function by its name and the types that it takes. */
interface Overload {
  readonly first: FoundCreation;
  readonly inputs: FunctionInputs | null;
  /** The first line of each file that creates or replaces it. */
  readonly lines: Map<number, number>;
}

/** More functions of one name are no answer to what a call means. */
const MOST_OVERLOADS = 100;

/** The functions that files create, by name; which of them a call means, the parse does not tell. */
export class FunctionIndex {
  readonly #byName = new Map<string, Map<string, Overload>>();

  add(found: FoundCreation): void {
    const { object, file, line } = found;
    const key = nameKey(object.schema, object.name);
    const overloads = this.#byName.get(key) ?? new Map<string, Overload>();
    this.#byName.set(key, overloads);
    const types = signature(object);
    const known = overloads.get(types);
    if (known === undefined) {
      overloads.set(types, { first: found, inputs: object.inputs, lines: new Map([[file, line]]) });
    } else if (!known.lines.has(file)) known.lines.set(file, line);
  }

  /** What a use of a function in a file means; null where no file has one that fits. */
  meaningOf(use: Use, file: number): Meaning | null {
    const [last = '', said] = use.name.toReversed();
    const named = (said === undefined ? use.path : [said]).flatMap(
      (schema) => this.#byName.get(nameKey(schema, last)) ?? [],
    );
    const fitting = overloadsFor(use.args, named);
    if (fitting.length === 0) return null;
    const isOwn = ({ lines }: Overload): boolean => (lines.get(file) ?? Number.POSITIVE_INFINITY) <= use.line;
    const others = fitting.filter((each) => !isOwn(each) && each.first.file !== file);
    const isOnly = fitting.length === 1;
    return { creations: others.map(({ first }) => first), isCertain: use.isCertain && isOnly };
  }

  /** Whether there is a function of that name, whatever it takes. */
  has(name: readonly string[], path: readonly string[]): boolean {
    const [last = '', said] = name.toReversed();
    return (said === undefined ? path : [said]).some((schema) => this.#byName.has(nameKey(schema, last)));
  }
}

/** The functions that a call, or a signature, can mean. */
function overloadsFor(args: Use['args'], named: readonly ReadonlyMap<string, Overload>[]): Overload[] {
  if (args !== null && 'types' in args) {
    const exact = named.flatMap((overloads) => overloads.get(args.types.join()) ?? []);
    if (exact.length > 0) return exact;
  }
  const count = args === null ? null : 'count' in args ? args.count : args.types.length;
  const fitting: Overload[] = [];
  for (const overloads of named) {
    for (const overload of overloads.values()) {
      if (fitting.length === MOST_OVERLOADS) return fitting;
      if (takes(overload.inputs, count)) fitting.push(overload);
    }
  }
  return fitting;
}

function takes(inputs: FunctionInputs | null, count: number | null): boolean {
  return inputs === null || count === null || (inputs.least <= count && count <= inputs.most);
}

function nameKey(schema: string | null, name: string): string {
  return keyOf('function', schema, name);
}

function signature({ inputs }: CreatedObject): string {
  return inputs?.types.join() ?? '';
}
