import type { Node } from 'libpg-query';
import { parsedDefinitions } from '../definitions/parsed-definitions.ts';
import { kindOf, list, type Tree } from '../parse/node-fields.ts';
import type { ParsedFile } from '../parse/parsed-file.ts';
import type { ParsedStatement, SqlParser } from '../parse/sql-parser.ts';
import { type BroadStatement, broadStatement } from './broad-statement.ts';
import type { CreatedObject } from './created-object.ts';
import { createdObjects } from './created-objects.ts';
import { checkedBody, isOfC } from './function-body.ts';
import { LineIndex } from './line-index.ts';
import { namedUses } from './named-uses.ts';
import { embeddedSql } from './plpgsql-block.ts';
import { type SessionState, settingOf } from './search-path.ts';
import { ANYWHERE, isInSchema, type Space, TEMPORARY } from './space.ts';
import type { NeedKind } from './use.ts';
import { type Surroundings, UsedObjects } from './used-objects.ts';
import { StatementWalk } from './walk-statement.ts';

/** What a file creates and what it uses. */
export interface FileFacts {
  readonly creations: readonly Creation[];
  readonly used: UsedObjects;
  readonly broadStatements: readonly BroadStatement[];
  /** The line of the first statement that goes by the search path of the files before; null where none does. */
  readonly inheritsAt: number | null;
  /** The line that sets the search path which it leaves behind, and that path; null where none does. */
  readonly setsAt: number | null;
  readonly leavesPath: readonly string[] | null;
}

export interface Creation {
  readonly object: CreatedObject;
  /** From 1. */
  readonly line: number;
}

/** They belong to a relation, and are where it is. */
const PARTS = new Set<Space>(['column', 'constraint', 'policy', 'rows', 'rule', 'trigger', 'unique key']);
/** PostgreSQL looks names of these up when an SQL function is created; others when it runs. */
const ANALYSED = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CallStmt']);

/**
 * Reads a parsed file.
 * @param before the session as the files before it leave it
 * @param movesKeys whether a build in two passes is asked for
 */
export function factsOf(
  parser: SqlParser,
  file: ParsedFile,
  before: SessionState,
  movesKeys = false,
): { readonly facts: FileFacts; readonly after: SessionState } {
  const reader = new FactReader(parser, file, before, movesKeys);
  for (const statement of file.statements) reader.statement(statement);
  return { facts: reader, after: reader.after };
}

class FactReader implements FileFacts {
  readonly creations: Creation[] = [];
  readonly used = new UsedObjects();
  readonly broadStatements: BroadStatement[] = [];
  inheritsAt: number | null = null;
  setsAt: number | null = null;
  leavesPath: readonly string[] | null = null;
  /** What the file leaves behind: SET LOCAL ends with it. */
  after: SessionState;
  #state: SessionState;
  #isOwnPath = false;
  /** Something whose schema is not said. */
  #creates = false;
  readonly #movesKeys: boolean;
  readonly #parser: SqlParser;
  readonly #text: Buffer;
  readonly #lines: LineIndex;

  constructor(parser: SqlParser, { text }: ParsedFile, before: SessionState, movesKeys: boolean) {
    this.#movesKeys = movesKeys;
    this.#parser = parser;
    this.#text = text;
    this.#lines = new LineIndex(text);
    this.after = before;
    this.#state = before;
  }

  statement({ tree: node, start, end, base }: ParsedStatement): void {
    const [kind, tree] = kindOf(node);
    const setting = settingOf(kind, tree, this.#state);
    if (setting !== null) {
      this.#state = setting.state;
      this.#isOwnPath ||= setting.setsPath;
      if (!setting.isLocal) this.after = setting.state;
      if (!setting.isLocal && setting.setsPath) {
        this.setsAt = this.#lines.lineOf(start);
        this.leavesPath = setting.state.path;
      }
      return;
    }
    const lineOf = (at: number): number => this.#lines.lineOf(Math.max(base + at, start));
    const isCertain = tree['missing_ok'] !== true && !isOfC(kind, tree);
    this.#read(node, 0, this.#around('object', isCertain, lineOf));
    if (kind === 'CreateFunctionStmt') this.#functionBody(tree, start, end, lineOf);
    if (kind === 'DoStmt') this.#block(start, end);
    if (!this.#isOwnPath && (this.#creates || this.used.hasBareNames))
      this.inheritsAt ??= this.#lines.lineOf(start);
  }

  #read(node: Node, at: number, around: Surroundings): void {
    const [kind, tree] = kindOf(node);
    const { path } = around;
    for (const object of createdObjects(node, path)) {
      this.creations.push({ object, line: around.lineOf(at) });
      this.#creates ||= object.isBare;
      const { space, schema } = object;
      const isPlaced = isInSchema(space) && !PARTS.has(space);
      if (isPlaced && schema !== null && schema !== TEMPORARY && schema !== ANYWHERE) {
        this.used.add('schema', [schema], at, around);
      }
    }
    new StatementWalk(kind, tree, around, this.used).walk(kind, tree, at);
    namedUses(kind, tree, at, around, this.used);
    const broad = broadStatement(kind, tree, around.lineOf(at));
    if (broad !== null) this.broadStatements.push(broad);
    this.used.endStatement();
    if (kind !== 'CreateSchemaStmt') return;
    const [schema] = parsedDefinitions(node);
    for (const each of list(tree['schemaElts'])) {
      this.#read(each as Node, at, { ...around, path: [schema?.name ?? ANYWHERE, ...path] });
    }
  }

  /** Of an SQL function: as a string, or as BEGIN ATOMIC. */
  #functionBody(tree: Tree, start: number, end: number, lineOf: (at: number) => number): void {
    const body = tree['sql_body'] as Tree | undefined;
    if (body !== undefined) {
      const around = this.#around('function body', true, lineOf);
      new StatementWalk('', body, around, this.used).walk('', body, 0);
      this.used.endStatement();
    }
    const checked = checkedBody(tree, this.#state);
    if (checked === null) return;
    const parsed = this.#parser.parse(Buffer.from(checked.text));
    if ('problem' in parsed) return;
    const lineInside = this.#lineWithin(checked.text, 0, start, end);
    const around = { ...this.#around('function body', true, lineInside), path: checked.state.path };
    for (const { tree: node, start: at } of parsed) {
      const [kind, inner] = kindOf(node);
      if (!ANALYSED.has(kind)) continue;
      new StatementWalk('', inner, around, this.used).walk(kind, inner, at);
      this.used.endStatement();
    }
  }

  #block(start: number, end: number): void {
    for (const { sql, query, before } of embeddedSql(this.#parser, this.#text.toString('utf8', start, end))) {
      const parsed = this.#parser.parse(Buffer.from(sql));
      if ('problem' in parsed) continue;
      const around = this.#around('object', false, this.#lineWithin(query, before, start, end));
      for (const { tree, start: at } of parsed) this.#read(tree, at, around);
    }
  }

  #around(kind: NeedKind, isCertain: boolean, lineOf: (at: number) => number): Surroundings {
    return { path: this.#state.path, kind, isCertain, movesKeys: this.#movesKeys, lineOf };
  }

  /** Lines of a text that stands somewhere in the bytes [start, end) of the file; where it is written otherwise there, the line of these. */
  #lineWithin(text: string, before: number, start: number, end: number): (at: number) => number {
    const found = this.#text.subarray(start, end).indexOf(text);
    if (found < 0) return () => this.#lines.lineOf(start);
    return (at) => this.#lines.lineOf(start + found + Math.max(0, at - before));
  }
}
