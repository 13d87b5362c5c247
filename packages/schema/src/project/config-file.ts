import { readFileSync } from 'node:fs';
import { LIMITS, TandemError } from '@tandem/engine';
import { errnoOf, leadsNowhere, placeOf, toFsPath } from '@tandem/files';
import { type Alias, type ErrorCode, isAlias, isNode, type Node, parseDocument, visit } from 'yaml';
import { ConfigValue, offsetOf } from './config-value.ts';

/** Tandem's wording for the error codes of the YAML parser. */
const PROBLEMS: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'wrong indentation, or an unclosed bracket',
  TAB_AS_INDENT: 'tabs cannot be used for indentation',
  DUPLICATE_KEY: 'duplicate key',
  MISSING_CHAR: 'missing character, such as a colon, a comma or a bracket',
  MULTIPLE_DOCS: 'more than one document',
  UNEXPECTED_TOKEN: 'unexpected text',
  BAD_DQ_ESCAPE: 'invalid escape',
  BAD_SCALAR_START: 'text that begins with this character must be quoted',
  BAD_ALIAS: 'invalid alias',
  MULTILINE_IMPLICIT_KEY: 'a key must fit on one line',
  BLOCK_AS_IMPLICIT_KEY: 'unexpected mapping',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'its values are nested too deeply',
};

/** A configuration file: its text, and errors that carry their position in it. */
export class ConfigFile {
  /** The path as errors show it. */
  readonly shown: string;
  readonly #text: string;
  #aliases: ReadonlyMap<Alias, Node> = new Map();
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
    if (bytes.length > LIMITS.maxConfigSize) {
      throw syntaxError(shown, `it has more than ${LIMITS.maxConfigSize} bytes`);
    }
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw syntaxError(shown, 'the text is not valid UTF-8', cause);
    }
    return new ConfigFile(shown, text).#parse();
  }

  /** An error at an offset of the text. */
  error(
    code:
      | 'ERR_TANDEM_CONFIG_SYNTAX'
      | 'ERR_TANDEM_CONFIG_VALUE'
      | 'ERR_TANDEM_CONFIG_UNKNOWN_KEY'
      | 'ERR_TANDEM_INCLUDE_MISSING',
    params: Readonly<Record<string, string>>,
    offset: number,
    cause?: unknown,
  ): TandemError {
    const before = Buffer.from(this.#text.slice(0, offset));
    const { line, column } = placeOf(before, 0, before.length);
    return new TandemError(code, { params, path: this.shown, line, column, cause });
  }

  /**
   * What a node denotes: itself, or the target of its alias. Each lookup is counted, because aliases can
   * expand to more values than a disk can hold.
   */
  resolved(node: Node | null): Node | null {
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0) {
      const problem = `its aliases expand to more than ${LIMITS.maxConfigValues} values`;
      throw this.error('ERR_TANDEM_CONFIG_SYNTAX', { problem }, 0);
    }
    if (!isAlias(node)) return node;
    const target = this.#aliases.get(node);
    if (target === undefined) {
      const problem = `undefined alias: *${node.source}`;
      throw this.error('ERR_TANDEM_CONFIG_SYNTAX', { problem }, offsetOf(node));
    }
    return target;
  }

  #parse(): ConfigValue {
    try {
      // All scalars as text: PyYAML's rules decide their types, not those of this parser.
      const document = parseDocument(this.#text, { version: '1.1', schema: 'failsafe', prettyErrors: false });
      const [first] = document.errors;
      if (first !== undefined) {
        const problem = PROBLEMS[first.code] ?? 'invalid YAML';
        throw this.error('ERR_TANDEM_CONFIG_SYNTAX', { problem }, first.pos[0], first);
      }
      this.#aliases = aliasesIn(document.contents);
      return new ConfigValue(this, '', document.contents, 0);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw syntaxError(this.shown, 'its values are nested too deeply', cause);
    }
  }
}

/**
 * Each alias with its target: the last anchor of that name before it. A single pass, because each lookup by
 * the parser itself takes a pass of its own.
 */
function aliasesIn(root: Node | null): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  visit(root, (_, node) => {
    if (!isNode(node)) return;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) aliases.set(node, target);
    } else if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node);
  });
  return aliases;
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

function syntaxError(path: string, problem: string, cause?: unknown): TandemError {
  return new TandemError('ERR_TANDEM_CONFIG_SYNTAX', {
    params: { problem },
    path,
    line: 1,
    column: 1,
    cause,
  });
}
