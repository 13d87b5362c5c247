import type { CreatedObject } from './created-object.ts';
import type { Creation, FileFacts } from './file-facts.ts';
import type { InferredNeed } from './inferred-need.ts';
import { type FoundCreation, ObjectIndex } from './object-index.ts';
import { keyOf } from './space.ts';
import type { NeedKind, Use } from './use.ts';

/** Files whose rows may be referenced; more of them are no answer to which comes first. */
const MOST_ROWS = 100;
/** What exists for the values of a type: it counts only where the type is used. */
const FOR_TYPES = new Set(['operator', 'cast', 'default operator class']);

/**
 * What the files need of each other by what they create and use, each pair of files and object once.
 * @param setters for each file the one whose search path it begins with, or null
 */
export function inferredNeeds(
  files: readonly FileFacts[],
  setters: readonly (number | null)[],
): InferredNeed[] {
  const index = new ObjectIndex(files);
  const needs = new NeedList();
  const later: [file: number, use: Use][] = [];
  for (const [file, { used }] of files.entries()) {
    for (const use of used.uses) {
      if (FOR_TYPES.has(use.space)) later.push([file, use]);
      else needs.addUse(index, file, use);
    }
    addColumns(index, file, files[file] as FileFacts, needs);
  }
  addRows(index, files, needs);
  addSearchPaths(files, setters, needs);
  addForTypes(index, files, later, needs);
  return needs.all;
}

/** Where what is needed is created. */
interface NeededPlace {
  readonly object: Pick<CreatedObject, 'what'>;
  readonly file: number;
  readonly line: number;
}

class NeedList {
  readonly all: InferredNeed[] = [];
  readonly #seen = new Set<string>();

  add(file: number, line: number, found: NeededPlace, kind: NeedKind, isCertain: boolean): void {
    const { object, file: target, line: targetLine } = found;
    const key = `${file} ${target} ${kind} ${isCertain} ${object.what}`;
    if (target === file || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.all.push({ file, line, object: object.what, target, targetLine, kind, isCertain });
  }

  addUse(index: ObjectIndex, file: number, use: Use): void {
    const meaning = index.meaningOf(use, file);
    for (const found of meaning?.creations ?? []) {
      this.add(file, use.line, found, use.kind, meaning?.isCertain === true);
    }
    // What is in a schema that a file creates needs at least that.
    const [schema, own] = use.name;
    if (meaning !== null || own === undefined) return;
    this.addUse(index, file, { ...use, space: 'schema', name: [schema as string], own: null, args: null });
  }
}

/** Columns that an ALTER TABLE in another file has added. A name may as well be that of another table's column. */
function addColumns(index: ObjectIndex, file: number, { used }: FileFacts, needs: NeedList): void {
  for (const { relations, columns } of used.namedColumns) {
    for (const relation of relations) {
      if (!index.hasAddedColumns(relation.name.at(-1) ?? '')) continue;
      for (const own of columns)
        needs.addUse(index, file, { ...relation, space: 'column', own, isCertain: false });
    }
  }
}

/** Rows that a foreign key references come first. Some may be NULL, or the key may come later, so that is not certain. */
function addRows(index: ObjectIndex, files: readonly FileFacts[], needs: NeedList): void {
  const referenced = new Map<string, CreatedObject[]>();
  for (const [file, { used }] of files.entries()) {
    for (const { table, referenced: other, path } of used.foreignKeys) {
      const [from] = index.find('relation', table, null, path, file) ?? [];
      const [to] = index.find('relation', other, null, path, file) ?? [];
      if (from === undefined || to === undefined) continue;
      const key = relationKey(from.object);
      const known = referenced.get(key);
      if (known === undefined) referenced.set(key, [to.object]);
      else if (!known.includes(to.object)) known.push(to.object);
    }
  }
  for (const [file, { creations }] of files.entries()) {
    for (const { object, line } of creations) {
      if (object.space !== 'rows') continue;
      for (const { schema, name } of referenced.get(relationKey(object)) ?? []) {
        const rows = index.find('rows', [schema ?? '', name], null, [], file) ?? [];
        if (rows.some((each) => each.file === file)) continue;
        for (const found of rows.slice(0, MOST_ROWS)) needs.add(file, line, found, 'rows', false);
      }
    }
  }
}

function relationKey({ schema, name }: CreatedObject): string {
  return keyOf('relation', schema, name);
}

/** A file that goes by the search path of one before it stays behind that. */
function addSearchPaths(
  files: readonly FileFacts[],
  setters: readonly (number | null)[],
  needs: NeedList,
): void {
  for (const [file, { inheritsAt }] of files.entries()) {
    const setter = setters[file] ?? null;
    if (setter === null || inheritsAt === null) continue;
    const found = {
      object: { what: 'search_path' },
      file: setter,
      line: (files[setter] as FileFacts).setsAt ?? 1,
    };
    needs.add(file, inheritsAt, found, 'object', false);
  }
}

/** Operators, casts and operator classes, where the file has to do with a type that they are for. */
function addForTypes(
  index: ObjectIndex,
  files: readonly FileFacts[],
  uses: readonly (readonly [file: number, use: Use])[],
  needs: NeedList,
): void {
  const dependents = new Dependents(files.length, needs.all);
  const reach = new Map<Creation | FoundCreation, ReadonlySet<number> | null>();
  for (const [file, use] of uses) {
    for (const found of index.find(use.space, use.name, use.own, use.path, file) ?? []) {
      if (found.file === file || !isFor(found, use.args)) continue;
      let users = reach.get(found);
      if (users === undefined) {
        users = typeUsers(index, found, dependents);
        reach.set(found, users);
      }
      if (users === null || users.has(file)) needs.add(file, use.line, found, use.kind, false);
    }
  }
}

/** Whether an operator takes these arguments, as far as they are known. */
function isFor({ object }: FoundCreation, args: Use['args']): boolean {
  if (args === null || !('types' in args)) return true;
  const bare = (type: string): string => type.slice(type.lastIndexOf('.') + 1).replaceAll('[]', '');
  return object.forTypes.map((name) => name.at(-1)).join() === args.types.map(bare).join();
}

/** The files that have to do with a type which an operator, cast or operator class is for; null for any file, where all of them are PostgreSQL's. */
function typeUsers(
  index: ObjectIndex,
  found: FoundCreation,
  dependents: Dependents,
): ReadonlySet<number> | null {
  const path = [found.object.schema ?? 'public', 'public'];
  const types = found.object.forTypes.flatMap(
    (name) => index.find('type', name, null, path, found.file)?.[0] ?? [],
  );
  return types.length === 0 ? null : dependents.of(types.map(({ file }) => file));
}

/** Which files need a file, or need one that does. */
class Dependents {
  readonly #direct: number[][];

  constructor(files: number, needs: readonly InferredNeed[]) {
    this.#direct = Array.from({ length: files }, () => []);
    for (const { file, target, isCertain } of needs)
      if (isCertain) (this.#direct[target] as number[]).push(file);
  }

  of(files: readonly number[]): ReadonlySet<number> {
    const found = new Set(files);
    for (const file of found) for (const each of this.#direct[file] ?? []) found.add(each);
    return found;
  }
}
