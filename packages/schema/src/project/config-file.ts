import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { LIMITS, TandemError } from '@tandem/engine';
import { errnoOf, leadsNowhere, placeOf, toFsPath } from '@tandem/files';
import { Composer, type CST, type ErrorCode, isMap, isScalar, type Node, Parser, visit } from 'yaml';
import { ConfigValue, offsetOf } from './config-value.ts';
import { pyYamlTags } from './pyyaml-tags.ts';

/** Tandem's wording for the error codes of the YAML parser. */
const PROBLEMS: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'wrong indentation, or an unclosed bracket',
  TAB_AS_INDENT: 'tabs cannot be used for indentation',
  MISSING_CHAR: 'missing character, such as a colon, a comma or a bracket',
  UNEXPECTED_TOKEN: 'unexpected text',
  BAD_DQ_ESCAPE: 'invalid escape',
  BAD_SCALAR_START: 'text that begins with this character must be quoted',
  BAD_ALIAS: 'invalid alias',
  MULTILINE_IMPLICIT_KEY: 'a key must fit on one line',
  BLOCK_AS_IMPLICIT_KEY: 'unexpected mapping',
  RESOURCE_EXHAUSTION: 'its values are nested too deeply',
};

/** A configuration file: its text, and errors that carry their position in it. */
export class ConfigFile {
  /** The path as errors show it. */
  readonly shown: string;
  readonly #text: string;
  readonly #targets = new Map<Node, Node>();
  #valuesLeft: number = LIMITS.maxConfigValues;

  private constructor(shown: string, text: string) {
    this.shown = shown;
    this.#text = text;
  }

  /**
   * Reads a YAML 1.1 file.
   * @param path raw
   * @param shown as errors show it
   * @returns the value of its document, or null if the file does not exist
   * @throws {TandemError} ERR_TANDEM_CONFIG_SYNTAX with its position; ERR_TANDEM_UNREADABLE
   */
  static read(path: string, shown: string): ConfigValue | null {
    const bytes = readBytes(path, shown);
    if (bytes === null) return null;
    const unread = new ConfigFile(shown, '');
    if (bytes.length > LIMITS.maxConfigSize) {
      throw unread.invalid(`it has more than ${LIMITS.maxConfigSize} bytes`);
    }
    if (!isUtf8(bytes)) throw unread.invalid('the text is not valid UTF-8');
    const file = new ConfigFile(shown, new TextDecoder().decode(bytes));
    return new ConfigValue(file, '', file.#parse(), 0);
  }

  /** An error at an offset of the text. */
  error(
    code: `ERR_TANDEM_CONFIG_${'SYNTAX' | 'VALUE' | 'UNKNOWN_KEY'}` | 'ERR_TANDEM_INCLUDE_MISSING',
    params: Readonly<Record<string, string>>,
    offset: number,
    cause?: unknown,
  ): TandemError {
    const before = Buffer.from(this.#text.slice(0, offset));
    const { line, column } = placeOf(before, 0, before.length);
    return new TandemError(code, { params, path: this.shown, line, column, cause });
  }

  invalid(problem: string, offset = 0, cause?: unknown): TandemError {
    return this.error('ERR_TANDEM_CONFIG_SYNTAX', { problem }, offset, cause);
  }

  /**
   * What a node denotes: itself, or the target of its alias. Each lookup is counted, because aliases can
   * expand to more values than a disk can hold.
   */
  resolved(node: Node | null): Node | null {
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0) {
      throw this.invalid(`its aliases expand to more than ${LIMITS.maxConfigValues} values`);
    }
    return node === null ? null : (this.#targets.get(node) ?? node);
  }

  #parse(): Node | null {
    const tokens = [...new Parser().parse(this.#text)];
    const tooDeep = offsetBelow(LIMITS.maxConfigDepth, tokens);
    if (tooDeep !== undefined) throw this.invalid('its values are nested too deeply', tooDeep);
    const composer = new Composer({ version: '1.1', customTags: pyYamlTags, uniqueKeys: false });
    const [document, second] = composer.compose(tokens, true, this.#text.length);
    const first = document?.errors[0];
    if (first !== undefined) throw this.invalid(PROBLEMS[first.code] ?? 'invalid YAML', first.pos[0], first);
    if (second !== undefined) throw this.invalid('more than one document', second.range[0]);
    if (document === undefined) return null;
    // Equal keys and aliases are found here, because the parser goes over all others for each of them.
    const anchors = new Map<string, Node>();
    visit(document, {
      Value: (_, node) => {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        if (isMap(node)) this.#checkUnique(node.items.map(({ key }) => key));
      },
      Alias: (_, alias) => {
        const target = anchors.get(alias.source);
        if (target === undefined) throw this.invalid(`undefined alias: *${alias.source}`, offsetOf(alias));
        this.#targets.set(alias, target);
      },
    });
    return document.contents;
  }

  #checkUnique(keys: readonly unknown[]): void {
    const known = new Set<string | undefined>();
    for (const key of keys.filter((one) => isScalar(one))) {
      if (known.has(key.source)) throw this.invalid('duplicate key', offsetOf(key));
      known.add(key.source);
    }
  }
}

/**
 * Where a token begins that has more than `depth` others around it. The composer builds its document by
 * recursion, with regular expressions for each value, and one that V8 compiles where the stack ends aborts the
 * process.
 */
function offsetBelow(depth: number, tokens: readonly CST.Token[]): number | undefined {
  let level = tokens.map((token) => (token.type === 'document' ? token.value : null));
  for (let above = 0; above < depth; above += 1) {
    level = level.flatMap((token) => {
      const items = token && 'items' in token ? token.items : [];
      return items.flatMap(({ key, value }) => [key, value]);
    });
  }
  return level.find((token) => token)?.offset;
}

function readBytes(path: string, shown: string): Buffer | null {
  try {
    return readFileSync(toFsPath(path));
  } catch (cause) {
    if (leadsNowhere(cause)) return null;
    const code = errnoOf(cause) === 'EISDIR' ? 'ERR_TANDEM_NOT_A_FILE' : 'ERR_TANDEM_UNREADABLE';
    throw new TandemError(code, { path: shown, cause });
  }
}
