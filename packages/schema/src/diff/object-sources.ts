import type { CatalogueObject } from '../catalogue/catalogue.ts';
import type { Definition } from '../definitions/definition.ts';
import { readDefinitions } from '../definitions/read-definitions.ts';
import { splitStatements } from '../lexer/split-statements.ts';
import { type SourceMap, sourceOf } from '../source-map/source-map.ts';

/** Where an object is created: a source file, as shown to users, and a line from 1. */
export interface ObjectSource {
  readonly path: string;
  readonly line: number;
}

/** How the name of an object is formed, by kind: spec/schema/definitions.md. */
const SCHEMALESS: ReadonlySet<string> = new Set(['schema', 'extension']);
const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure']);
const ON_TABLE: ReadonlySet<string> = new Set(['trigger', 'policy', 'rule']);
const LF = 10;

/** The statements of a built schema that create objects, by object; as far as their first words show it. */
export class ObjectSources {
  readonly #places = new Map<string, ObjectSource | null>();

  constructor(schema: Buffer, map: SourceMap) {
    const lineAt = linesOf(schema);
    let path = '';
    for (const { start, end, kind } of splitStatements(schema)) {
      if (kind !== 'sql') continue;
      readDefinitions(schema, start, end, (definition) => {
        if (definition.how === 'path') path = definition.name;
        if (definition.how !== 'create' && definition.how !== 'lenient') return;
        const place = sourceOf(map, lineAt(start));
        if (place !== null) this.#add(definition, path, { path: place.path, line: place.line });
      });
    }
  }

  /** Where an object, or the object that it belongs to, is created; null if that is uncertain. */
  of({ kind, name, of }: Pick<CatalogueObject, 'kind' | 'name' | 'of'>): ObjectSource | null {
    const whole = of === null ? null : this.#places.get(keyOf(kindOf(of), of));
    return this.#places.get(keyOf(kindOf(name, kind), name)) ?? whole ?? null;
  }

  #add({ kind, schema, name, detail }: Definition, path: string, source: ObjectSource): void {
    const parts = SCHEMALESS.has(kind) ? [name] : [schema || path || 'public', name];
    const own = ON_TABLE.has(kind) ? [...parts, detail] : parts;
    const key = JSON.stringify([ROUTINES.has(kind) ? 'routine' : SCHEMALESS.has(kind) ? kind : '', ...own]);
    const known = this.#places.get(key);
    // Functions of the same name differ in their arguments, which can be written in many ways.
    this.#places.set(key, known === undefined || !ROUTINES.has(kind) ? (known ?? source) : null);
  }
}

/** The part of a key that states the kind; of the object that another belongs to, only the name is known. */
function kindOf(name: string, kind = ''): string {
  if (ROUTINES.has(kind) || name.endsWith(')')) return 'routine';
  if (SCHEMALESS.has(kind)) return kind;
  return partsOf(name).length === 1 ? 'schema' : '';
}

function keyOf(kind: string, name: string): string {
  return JSON.stringify([kind, ...partsOf(name)]);
}

/** The parts of a qualified name, without quotes; for a function, without its arguments. */
function partsOf(name: string): string[] {
  const found = name.matchAll(/("(?:[^"]|"")*"|[^".(]+)(\.?)/g);
  const parts: string[] = [];
  for (const [, part = '', dot] of found) {
    parts.push(part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part);
    if (dot === '') break;
  }
  return parts;
}

/** The line of a byte offset, from 1, for offsets in ascending order. */
function linesOf(text: Buffer): (offset: number) => number {
  let line = 1;
  let next = text.indexOf(LF);
  return (offset) => {
    while (next >= 0 && next < offset) {
      line += 1;
      next = text.indexOf(LF, next + 1);
    }
    return line;
  };
}
