import { LIMITS } from '@tandem/engine';
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { ConfigFile } from './config-file.ts';

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
  readonly #keyOffset: number;

  /** @param keyOffset of its key, or of the list that it is in */
  constructor(file: ConfigFile, key: string, node: Node | null, keyOffset: number) {
    this.#file = file;
    this.key = key;
    this.#offset = node === null ? keyOffset : offsetOf(node);
    this.#keyOffset = keyOffset;
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

  /** @throws {TandemError} ERR_TANDEM_CONFIG_UNKNOWN_KEY, always */
  refuseKey(cure: string): never {
    throw this.#file.error('ERR_TANDEM_CONFIG_UNKNOWN_KEY', { key: this.key, cure }, this.#keyOffset);
  }

  get isMapping(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  get isText(): boolean {
    return typeof this.scalar === 'string';
  }

  /**
   * As YAML 1.1 types it: text, a boolean, a number, a Date or null; undefined for a mapping or a list.
   * @throws {TandemError} ERR_TANDEM_CONFIG_VALUE for an unknown tag
   */
  get scalar(): unknown {
    const node = this.#node;
    if (node === null) return null;
    if (!isScalar(node)) return undefined;
    const { tag = '!' } = node;
    if (/^(?:!|tag:yaml\.org,2002:(?:str|int|bool|float|null|timestamp))$/.test(tag)) return node.value;
    return this.refuse(`has the unknown tag ${tag}`, 'remove the tag');
  }

  /**
   * The values of a mapping by key; the mapping's own keys override those that it merges (`<<`).
   * @throws {TandemError} ERR_TANDEM_CONFIG_VALUE
   */
  mapping(): ReadonlyMap<string, ConfigValue> {
    if (isMap(this.#node)) return this.#entries(this.#node, new Set());
    const cure =
      this.key === '' ? 'it begins with keys such as include_dirs:' : 'write keys and values below it';
    return this.refuse(`is ${this.#kind}, not a mapping`, cure);
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  list(): readonly ConfigValue[] {
    if (!isSeq(this.#node)) return this.refuse(`is ${this.#kind}, not a list`, 'write one "- item" a line');
    const items = this.#node.items as (Node | null)[];
    return items.map((item, at) => new ConfigValue(this.#file, `${this.key}[${at}]`, item, this.#offset));
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  text(): string {
    const { scalar } = this;
    if (typeof scalar === 'string') return scalar;
    const source = scalar === null || !isScalar(this.#node) ? undefined : this.#node.source;
    const cure = source === undefined ? 'write text' : `write it in quotes: "${source}"`;
    return this.refuse(`is ${this.#kind}, not text`, cure);
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  flag(): boolean {
    const word = String(this.scalar).toLowerCase();
    if (/^(?:1|on|t|true|y|yes)$/.test(word)) return true;
    if (/^(?:0|off|f|false|n|no)$/.test(word)) return false;
    return this.refuse('is neither true nor false', 'write true or false');
  }

  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE */
  integer(): number {
    const digits = String(typeof this.scalar === 'boolean' ? Number(this.scalar) : this.scalar);
    const value = /^\s*[-+]?\d+(?:\.0*)?\s*$/.test(digits) ? Number(digits) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    return this.refuse('is not a whole number', 'write one like 10 or -5');
  }

  get #kind(): string {
    const { scalar } = this;
    if (scalar === undefined) return isMap(this.#node) ? 'a mapping' : 'a list';
    if (typeof scalar === 'string') return 'text';
    if (typeof scalar === 'object') return scalar === null ? 'nothing' : 'a date';
    return typeof scalar === 'boolean' ? 'a boolean' : 'a number';
  }

  /** @param within the mappings that merge this one */
  #entries(map: YAMLMap, within: Set<Node>): Map<string, ConfigValue> {
    const values = new Map<string, ConfigValue>();
    const merged: ConfigValue[] = [];
    within.add(map);
    for (const { key, value } of map.items as Pair<Node | null, Node | null>[]) {
      const name = this.#nameOf(key);
      const path = this.key === '' ? name : `${this.key}.${name}`;
      const part = new ConfigValue(this.#file, path, value, offsetOf(key));
      if (name === '<<') merged.push(part);
      else values.set(name, part);
    }
    for (const source of merged.flatMap((part) => (part.isList ? part.list() : part))) {
      const node = source.#node;
      if (!isMap(node)) {
        return source.refuse(`is ${source.#kind}, and << merges mappings`, 'name a mapping by its alias');
      }
      if (within.has(node)) source.refuse('merges a mapping into itself', 'remove it');
      if (within.size > LIMITS.maxConfigDepth) source.refuse('ends too long a chain of merges', 'shorten it');
      for (const [name, value] of this.#entries(node, within)) if (!values.has(name)) values.set(name, value);
    }
    within.delete(map);
    return values;
  }

  #nameOf(node: Node | null): string {
    const key = this.#file.resolved(node);
    if (isScalar(key)) return key.source ?? '';
    throw this.#file.invalid('a key must be text', offsetOf(node));
  }
}

/** The offset at which a node begins in the text. */
export function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
