import { spaceOf } from '../definitions/definition.ts';
import { shownObject } from '../definitions/standing-objects.ts';
import type { FileStatements, LinedDefinition } from './file-statements.ts';
import { type MissingObject, wordPattern } from './missing-object.ts';

/** A file that may supply what another file lacks. */
export interface Supplier {
  /** Its index. */
  readonly file: number;
  /** The line of the statement that supplies it, from 1. */
  readonly line: number;
  /** For display: `table app.users`. */
  readonly object: string;
  /**
   * True if the head of the statement shows that it creates the object; otherwise the statement only names
   * it.
   */
  readonly isCreator: boolean;
}

interface Creation {
  readonly file: number;
  readonly definition: LinedDefinition;
}

/** What all files create, by name. */
export class Suppliers {
  readonly #files: readonly FileStatements[];
  readonly #creations = new Map<string, Creation[]>();
  readonly #extensions: Supplier[] = [];
  /** By name, so that each name is searched for only once. */
  readonly #mentions = new Map<string, readonly { readonly file: number; readonly line: number }[]>();

  constructor(files: readonly FileStatements[]) {
    this.#files = files;
    for (const [file, { definitions }] of files.entries()) {
      for (const definition of definitions) {
        if (definition.how === 'drop' || definition.how === 'path') continue;
        const { kind, name, detail, line } = definition;
        this.#add(name, { file, definition });
        if (kind === 'trigger' || kind === 'policy' || kind === 'rule')
          this.#add(detail, { file, definition });
        if (kind === 'extension')
          this.#extensions.push({ file, line, object: `extension ${name}`, isCreator: false });
      }
    }
  }

  /**
   * Files that may supply an object, one place for each file, in their order: files with a statement whose
   * head creates it; otherwise files that name it; otherwise files with an extension.
   */
  of(missing: MissingObject, isOpen: (file: number) => boolean): readonly Supplier[] {
    const creators = unique(this.#creators(missing)).filter(({ file }) => isOpen(file));
    if (creators.length > 0) return creators;
    const mentions = this.#naming(missing).filter(({ file }) => isOpen(file));
    if (mentions.length > 0 || missing.within === 'rows' || missing.within === 'schema') return mentions;
    return unique(this.#extensions).filter(({ file }) => isOpen(file));
  }

  /** Whether a file itself creates the object. */
  has(file: number, missing: MissingObject): boolean {
    return this.#creators(missing).some((each) => each.file === file);
  }

  #creators({ name, schema, within }: MissingObject): Supplier[] {
    if (within === 'text' || within === 'rows') return [];
    if (name === null) {
      if (within !== 'schema') return [];
      // None of the schemas in the search path exists.
      return [...this.#creations.values()]
        .flat()
        .filter(({ definition }) => definition.kind === 'schema')
        .map(supplierOf);
    }
    const found = this.#creations.get(name) ?? (within === 'relation' ? this.#tablesOf(name) : []);
    return found.filter(({ definition }) => fits(definition, schema, within)).map(supplierOf);
  }

  /** The sequence of a serial column and the index of a key are named after their table. */
  #tablesOf(name: string): Creation[] {
    const found = [...name.matchAll(/_/g)].flatMap(
      ({ index }) => this.#creations.get(name.slice(0, index)) ?? [],
    );
    const tables = found.filter(({ definition }) => definition.kind === 'table');
    return tables.sort((one, other) => one.file - other.file);
  }

  #naming({ name, within, what: object }: MissingObject): Supplier[] {
    if (name === null) return [];
    if (within === 'rows') {
      return this.#files.flatMap(({ rows }, file) => {
        const line = rows.get(name.toLowerCase());
        return line === undefined ? [] : [{ file, line, object, isCreator: true }];
      });
    }
    let found = this.#mentions.get(name);
    if (found === undefined) {
      const pattern = new RegExp(wordPattern(name), 'iu');
      found = this.#files.flatMap(({ others }, file) => {
        const line = others.find(({ text }) => pattern.test(text))?.line;
        return line === undefined ? [] : [{ file, line }];
      });
      this.#mentions.set(name, found);
    }
    return found.map((place) => ({ ...place, object, isCreator: false }));
  }

  #add(name: string, creation: Creation): void {
    const found = this.#creations.get(name);
    if (found === undefined) this.#creations.set(name, [creation]);
    else found.push(creation);
  }
}

function fits(
  { kind, schema: own }: LinedDefinition,
  schema: string | null,
  within: MissingObject['within'],
): boolean {
  const space = spaceOf(kind);
  if (schema !== null && own !== '' && own !== schema) return false;
  // Every relation is also a type.
  return within === 'any' || space === within || (within === 'type' && space === 'relation');
}

function supplierOf({ file, definition }: Creation): Supplier {
  const { kind, schema, name, line } = definition;
  // The arguments of a function are irrelevant here.
  const isRoutine = kind === 'function' || kind === 'procedure';
  const object = isRoutine
    ? [kind, [schema, name].filter(Boolean).join('.')].join(' ')
    : shownObject(definition);
  return { file, line, object, isCreator: true };
}

/** The first one for each file. */
function unique(suppliers: readonly Supplier[]): Supplier[] {
  const seen = new Set<number>();
  return suppliers.filter(({ file }) => !seen.has(file) && seen.add(file));
}
