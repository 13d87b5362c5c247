import { nearest } from '@tandem/engine';
import { isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';
import type { ConfigFile } from './config-file.ts';
import { homesOf, type KeyTable, type Known, MOVED_KEYS } from './known-keys.ts';
import { boolOf, intOf, plainKind, type ScalarKind } from './yaml-scalar.ts';

/** Strings that confiture's models accept as a boolean. */
const BOOL_WORDS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 'on', 't', 'true', 'y', 'yes'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'off', 'f', 'false', 'n', 'no'].map((word) => [word, false])),
};
const KIND_NAMES: Readonly<Record<ScalarKind, string>> = {
  null: 'nothing',
  bool: 'a boolean',
  int: 'a number',
  float: 'a number',
  date: 'a date',
  text: 'text',
};

/**
 * One value of a configuration file, with its key and its position. It is read as confiture's models read it
 * (pydantic, not strict).
 */
export class ConfigValue {
  /** As messages name it: `build.sort_mode`, `include_dirs[0].order`; '' for the whole file. */
  readonly key: string;
  readonly #file: ConfigFile;
  readonly #node: Node | null;
  readonly #offset: number;
  /** For a value in a mapping: the offset of its key. */
  #keyOffset = 0;

  /** @param at the offset to report for a value that is not written */
  constructor(file: ConfigFile, key: string, node: Node | null, at: number) {
    this.#file = file;
    this.key = key;
    this.#offset = node === null ? at : offsetOf(node);
    this.#node = file.resolved(node);
  }

  /** The file's name, as errors show it. */
  get file(): string {
    return this.#file.shown;
  }

  /** Reports that this value is not acceptable. @throws {TandemError} ERR_TANDEM_CONFIG_VALUE, always */
  refuse(problem: string, cure: string): never {
    const key = this.key === '' ? 'the file' : this.key;
    throw this.#file.error('ERR_TANDEM_CONFIG_VALUE', { key, problem, cure }, this.#offset);
  }

  /** @throws {TandemError} ERR_TANDEM_INCLUDE_MISSING, always */
  refuseFolder(folder: string): never {
    throw this.#file.error('ERR_TANDEM_INCLUDE_MISSING', { key: this.key, folder }, this.#offset);
  }

  get isMapping(): boolean {
    return isMap(this.#node);
  }

  get isNull(): boolean {
    return this.#scalar()?.kind === 'null';
  }

  get isText(): boolean {
    return this.#scalar()?.kind === 'text';
  }

  /**
   * The values of a mapping by key; the mapping's own keys override those that it merges (`<<`).
   * @throws {TandemError} ERR_TANDEM_CONFIG_VALUE
   */
  mapping(): ReadonlyMap<string, ConfigValue> {
    if (isMap(this.#node)) return this.#entries(this.#node, new Set());
    const cure =
      this.key === '' ? 'it begins with keys such as include_dirs:' : 'write keys and values below it';
    return this.refuse(`is ${this.#kindName()}, not a mapping`, cure);
  }

  /**
   * Looks for keys that are not in the table, at this level and below. If the table has a mapping and the
   * value is not one, the value is skipped.
   * @throws {TandemError} ERR_TANDEM_CONFIG_UNKNOWN_KEY
   */
  checkKeys(known: Known): void {
    if (known === null) return;
    if ('each' in known) {
      if (isSeq(this.#node)) for (const item of this.list()) item.checkKeys(known.each);
      return;
    }
    if (!isMap(this.#node)) return;
    for (const [name, value] of this.mapping()) {
      // These keys belong to the user, who may define anchors there.
      if (name.startsWith('x-')) continue;
      if ('named' in known) value.checkKeys(known.named);
      else if (Object.hasOwn(known.keys, name)) value.checkKeys(known.keys[name] ?? null);
      else throw this.#unknown(name, value, known);
    }
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  list(): readonly ConfigValue[] {
    const node = this.#node;
    if (!isSeq(node)) this.refuse(`is ${this.#kindName()}, not a list`, 'write one "- item" a line');
    return node.items.map((item, at) => this.#child(`${this.key}[${at}]`, item as Node | null, this.#offset));
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  text(): string {
    const scalar = this.#scalar();
    if (scalar?.kind === 'text') return scalar.source;
    const cure =
      scalar === null || scalar.kind === 'null' ? 'write text' : `write it in quotes: "${scalar.source}"`;
    return this.refuse(`is ${this.#kindName()}, not text`, cure);
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  flag(): boolean {
    const scalar = this.#scalar();
    if (scalar?.kind === 'bool') return boolOf(scalar.source);
    const word = scalar?.kind === 'int' ? String(intOf(scalar.source)) : scalar?.source.toLowerCase();
    const value = word !== undefined && Object.hasOwn(BOOL_WORDS, word) ? BOOL_WORDS[word] : undefined;
    return value ?? this.refuse('is neither true nor false', 'write true or false');
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  integer(): number {
    const value = this.#integer();
    if (value !== null && Number.isSafeInteger(value)) return value;
    return this.refuse('is not a whole number', 'write one like 10 or -5');
  }

  #integer(): number | null {
    const scalar = this.#scalar();
    if (scalar?.kind === 'int') return intOf(scalar.source);
    if (scalar?.kind === 'bool') return Number(boolOf(scalar.source));
    if (scalar?.kind !== 'text' && scalar?.kind !== 'float') return null;
    const [, digits] = /^\s*([-+]?\d+)(?:\.0*)?\s*$/.exec(scalar.source) ?? [];
    return digits === undefined ? null : Number(digits);
  }

  /** Null if the node is not a scalar. */
  #scalar(): { kind: ScalarKind; source: string } | null {
    const node = this.#node;
    if (node === null) return { kind: 'null', source: '' };
    if (!isScalar(node)) return null;
    const source = String(node.value ?? '');
    const { tag } = node;
    if (tag === undefined || tag === '!') {
      return { kind: node.type === Scalar.PLAIN && tag === undefined ? plainKind(source) : 'text', source };
    }
    const [, word] = /^tag:yaml\.org,2002:(str|int|bool|float|null)$/.exec(tag) ?? [];
    if (word === undefined) this.refuse(`has the unknown tag ${tag}`, 'remove the tag');
    return { kind: word === 'str' ? 'text' : plainKind(source), source };
  }

  #kindName(): string {
    if (isMap(this.#node)) return 'a mapping';
    if (isSeq(this.#node)) return 'a list';
    return KIND_NAMES[this.#scalar()?.kind ?? 'null'];
  }

  #child(key: string, node: Node | null, at: number): ConfigValue {
    return new ConfigValue(this.#file, key, node, at);
  }

  #entries(map: YAMLMap, within: Set<Node>): Map<string, ConfigValue> {
    const values = new Map<string, ConfigValue>();
    const merged: ConfigValue[] = [];
    within.add(map);
    for (const { key, value } of map.items) {
      const name = this.#keyOf(key as Node | null);
      const at = offsetOf(key as Node | null);
      const path = this.key === '' ? name : `${this.key}.${name}`;
      const child = this.#child(path, value as Node | null, at);
      child.#keyOffset = at;
      if (name === '<<') merged.push(child);
      else values.set(name, child);
    }
    for (const source of merged.flatMap((one) => (isSeq(one.#node) ? one.list() : [one]))) {
      const node = source.#node;
      if (!isMap(node)) {
        return source.refuse(
          `is ${source.#kindName()}, and << merges mappings`,
          'name a mapping by its alias',
        );
      }
      if (within.has(node)) source.refuse('merges a mapping into itself', 'remove it');
      for (const [name, value] of this.#entries(node, within)) if (!values.has(name)) values.set(name, value);
    }
    within.delete(map);
    return values;
  }

  #keyOf(node: Node | null): string {
    const target = this.#file.resolved(node);
    if (isScalar(target)) return String(target.value ?? '');
    throw this.#file.error('ERR_TANDEM_CONFIG_SYNTAX', { problem: 'a key must be text' }, offsetOf(node));
  }

  #unknown(name: string, value: ConfigValue, table: KeyTable): Error {
    const names = Object.keys(table.keys);
    const near = nearest(name, names);
    const [home] = homesOf(name);
    const cure =
      (Object.hasOwn(MOVED_KEYS, name) ? MOVED_KEYS[name] : undefined) ??
      (near === undefined ? undefined : `did you mean ${near}?`) ??
      (home === undefined
        ? undefined
        : `it belongs ${home === '' ? 'to the top of the file' : `under ${home}`}`) ??
      `known here: ${names.join(', ')}`;
    return this.#file.error('ERR_TANDEM_CONFIG_UNKNOWN_KEY', { key: value.key, cure }, value.#keyOffset);
  }
}

/** The offset at which a node begins in the text. */
export function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
