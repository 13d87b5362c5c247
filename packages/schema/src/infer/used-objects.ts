import { BUILTIN_TYPES } from './builtin-types.ts';
import { extensionOf } from './extension-names.ts';
import type { Space } from './space.ts';
import { keyColumns } from './table-parts.ts';
import type { FunctionArguments, NeedKind, Use } from './use.ts';

/** What stands around a statement, or a part of one. */
export interface Surroundings {
  /** Schemas in which a name without one is looked up. */
  readonly path: readonly string[];
  readonly kind: NeedKind;
  /** Whether it is certain that the statement is run, and looks its names up. */
  readonly isCertain: boolean;
  /** Two passes: the foreign keys of CREATE TABLE that can be added behind all tables are. */
  readonly movesKeys: boolean;
  /** The line of the file that a byte of the parsed text is on. */
  lineOf(location: number): number;
}

/** A statement's relations and the columns that it names; which belongs to which is not told by the parse. */
export interface NamedColumns {
  readonly relations: readonly Use[];
  readonly columns: ReadonlySet<string>;
}

/** A table that references another. */
export interface ForeignKey {
  readonly table: readonly string[];
  readonly referenced: readonly string[];
  readonly path: readonly string[];
}

interface Further {
  readonly own?: string;
  readonly args?: FunctionArguments | null;
  readonly kind?: NeedKind;
  /** It may be another object that is meant, or none. */
  readonly isDoubtful?: boolean;
}

const NOTHING_FURTHER: Further = {};

/** Gathers what the statements of one file use; every object once, at its first line. */
export class UsedObjects {
  readonly uses: Use[] = [];
  readonly namedColumns: NamedColumns[] = [];
  readonly foreignKeys: ForeignKey[] = [];
  /** Whether a table or type is named without its schema; functions are so nearly everywhere, and are PostgreSQL's own. */
  hasBareNames = false;
  readonly #seen = new Map<string, Use>();
  #path: readonly string[] = [];
  #joinedPath = '';
  #relations = new Set<Use>();
  #columns = new Set<string>();
  #groups = false;

  /** @param name with its schema where that is said; the name of a database before it is left out */
  add(
    space: Space,
    name: readonly string[],
    at: number,
    around: Surroundings,
    further: Further = NOTHING_FURTHER,
  ): void {
    const [first] = name;
    const isBare = name.length === 1;
    const isNamed = space === 'relation' || space === 'type';
    // Most types are PostgreSQL's own, and are no need of anybody.
    if (space === 'type' && (isBare ? BUILTIN_TYPES.has(first as string) : first === 'pg_catalog')) return;
    if (isNamed && isBare) this.hasBareNames = true;
    const { own = null, args = null, kind = around.kind, isDoubtful = false } = further;
    const isCertain = around.isCertain && !isDoubtful;
    const known = name.length > 2 ? name.slice(-2) : name;
    const key = `${space}\0${known.join('\0')}\0${own}\0${args === null ? '' : argumentsKey(args)}\0${isCertain}\0${kind}\0${this.#pathKey(around.path)}`;
    let use = this.#seen.get(key);
    if (use === undefined) {
      const { path } = around;
      use = { space, name: known, own, args, line: around.lineOf(at), kind, isCertain, path };
      this.#seen.set(key, use);
      this.uses.push(use);
      this.#addExtension(use, at, around);
    }
    if (space === 'relation') this.#relations.add(use);
  }

  /** The extension that it may be from; one of a file may be called the same. */
  #addExtension({ space, name }: Use, at: number, around: Surroundings): void {
    const [own = '', schema] = name.toReversed();
    const extension =
      extensionOf(space, own) ?? (schema === undefined ? null : extensionOf('schema', schema));
    if (extension !== null) this.add('extension', [extension], at, around, { isDoubtful: true });
  }

  /** Paths are many times the same one. */
  #pathKey(path: readonly string[]): string {
    if (path !== this.#path) {
      this.#path = path;
      this.#joinedPath = path.join('\0');
    }
    return this.#joinedPath;
  }

  foreignKey(table: readonly string[], referenced: readonly string[], path: readonly string[]): void {
    this.foreignKeys.push({ table, referenced, path });
  }

  /** A column that is named; of which relation is not said. */
  column(name: string): void {
    this.#columns.add(name);
  }

  /** The statement groups, so that the primary keys of its tables may count. */
  groups(): void {
    this.#groups = true;
  }

  /** Call it behind every statement. */
  endStatement(): void {
    const relations = [...this.#relations];
    if (this.#groups) {
      for (const use of relations) {
        const { name, line, kind, path } = use;
        this.add(
          'unique key',
          name,
          0,
          { path, kind, isCertain: false, movesKeys: false, lineOf: () => line },
          { own: keyColumns([]) },
        );
      }
    }
    if (relations.length > 0 && this.#columns.size > 0) {
      this.namedColumns.push({ relations, columns: this.#columns });
    }
    this.#relations = new Set();
    this.#columns = new Set();
    this.#groups = false;
  }
}

function argumentsKey(args: FunctionArguments): string {
  return 'count' in args ? String(args.count) : args.types.join();
}
