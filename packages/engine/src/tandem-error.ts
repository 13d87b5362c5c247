import { type ErrorCode, type ErrorParams, errorHint, errorMessage } from './error-table.ts';

/** The position of an error, the parameters of its message, and its cause. */
export interface TandemErrorOptions {
  readonly params?: ErrorParams;
  /** The file or folder of the error, as its report shows it. */
  readonly path?: string;
  /** Bytes from the start of the file, from 0. */
  readonly offset?: number;
  /** From 1, split at LF. */
  readonly line?: number;
  /** From 1, in code points. */
  readonly column?: number;
  /** Replaces the hint of the template. */
  readonly hint?: string;
  /** A message that an engine has already filled; replaces the template. */
  readonly message?: string;
  readonly cause?: unknown;
}

/** A TandemError as plain data. */
export interface TandemErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly offset?: number;
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string;
}

/**
 * The one error type. It is thrown for misuse and for errors that stop a whole run; a bad file in a batch is
 * a row. `code` is stable and listed in docs/errors.md; the messages of V8, serde or the system are in
 * `cause`.
 */
export class TandemError extends Error {
  readonly code: ErrorCode;
  declare readonly path?: string;
  declare readonly offset?: number;
  declare readonly line?: number;
  declare readonly column?: number;
  declare readonly hint?: string;

  constructor(code: ErrorCode, options: TandemErrorOptions = {}) {
    const { cause } = options;
    super(options.message ?? errorMessage(code, options.params), cause === undefined ? undefined : { cause });
    this.code = code;
    const hint = options.hint ?? errorHint(code, options.params);
    const details = {
      path: options.path,
      offset: options.offset,
      line: options.line,
      column: options.column,
      hint,
    };
    for (const [name, value] of Object.entries(details)) {
      // Absent fields stay absent, so that printing and comparing an error shows only the fields that it has.
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
    // The code is in the first line of the stack, as in Node: logs show it, and it survives a worker thread.
    if (this.stack !== undefined) this.stack = this.stack.replace(/^\w*Error/, `TandemError [${code}]`);
  }

  static {
    // On the prototype and not enumerable, so that a printed error does not repeat it.
    Object.defineProperty(TandemError.prototype, 'name', { value: 'TandemError' });
  }

  /** Whether `value` is a TandemError, even one of another copy of this package. */
  static isTandemError(value: unknown): value is TandemError {
    return (
      value instanceof Error &&
      value.name === 'TandemError' &&
      'code' in value &&
      typeof value.code === 'string'
    );
  }

  toJSON(): TandemErrorJson {
    const { code, message, path, offset, line, column, hint } = this;
    return {
      code,
      message,
      ...(path === undefined ? {} : { path }),
      ...(offset === undefined ? {} : { offset }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...(hint === undefined ? {} : { hint }),
    };
  }
}
