import { isUtf8 } from 'node:buffer';
import { shownText } from '@tandem/files';

/** Characters that a JSON string contains unescaped and that are one byte each. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7f]*$/;
/** A raw path as a JSON string. */
export function pathLiteral(raw: string): string {
  return `"${escaped(raw)}"`;
}

/** The raw paths of one folder's files, as rows show them: the folder is examined only once. */
export class PathTexts {
  /** The raw path of the folder, with a trailing slash, or ''. */
  readonly prefix: string;
  readonly #shown: string;
  readonly #isWhole: boolean;

  constructor(prefix: string) {
    this.prefix = prefix;
    this.#shown = escaped(prefix);
    this.#isWhole = isWhole(prefix);
  }

  /** The path of a file as a JSON string. */
  literal(name: string): string {
    return PLAIN.test(name) ? `"${this.#shown}${name}"` : `"${this.#shown}${escaped(name)}"`;
  }

  /**
   * The key and value that follow a path that cannot be shown completely: its raw bytes in base64; otherwise
   * ''.
   * @param key such as `file_path_bytes`
   */
  rawBytes(name: string, key: string): string {
    const base64 = this.base64(name);
    return base64 === null ? '' : `,"${key}":"${base64}"`;
  }

  /** The raw bytes of a path that cannot be shown completely, in base64; otherwise null. */
  base64(name: string): string | null {
    if (this.#isWhole && isWhole(name)) return null;
    return Buffer.from(this.prefix + name, 'latin1').toString('base64');
  }

  /** The path of a file as text. */
  shown(name: string): string {
    return shownText(this.prefix + name);
  }
}

function escaped(raw: string): string {
  return PLAIN.test(raw) ? raw : JSON.stringify(shownText(raw)).slice(1, -1);
}

function isWhole(raw: string): boolean {
  return PLAIN.test(raw) || isUtf8(Buffer.from(raw, 'latin1'));
}
