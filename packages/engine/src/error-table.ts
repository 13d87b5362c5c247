import { ENGINE_ERRORS, type EngineErrorCode } from './generated/error-codes.ts';

/**
 * usage: the caller's; run: the whole run cannot go on; document: the content of one file is wrong; item: anything
 * else about one file; engine: makes auto continue in TypeScript; warning: a finding that stops nothing.
 */
export type ErrorKind = 'usage' | 'run' | 'document' | 'item' | 'engine' | 'warning';

/** `{name}` in a message or a hint is filled in when the error is made. */
export interface ErrorDefinition {
  readonly kind: ErrorKind;
  readonly message: string;
  /** The cure; '' for none. */
  readonly hint: string;
}

/** The known codes. A library adds its own to this interface by declaration merging, and to the table by defineErrors(). */
export interface ErrorCodes extends Record<EngineErrorCode, ErrorDefinition> {}

export type ErrorCode = keyof ErrorCodes;

/** The values for the `{name}` fields of a template. */
export type ErrorParams = Readonly<Record<string, string | number>>;

const TABLE = new Map<string, ErrorDefinition>();
const CODE = /^ERR_[A-Z0-9_]+$/;

/**
 * Adds the errors of a library, so that TandemError can fill their templates and both engines can report them.
 * Throws a TypeError for a code of another form than `ERR_NAME`.
 */
export function defineErrors(errors: Readonly<Record<string, ErrorDefinition>>): void {
  for (const [code, definition] of Object.entries(errors)) {
    if (!CODE.test(code)) throw new TypeError(`invalid error code: '${code}' (use ERR_ and capital letters)`);
    TABLE.set(code, definition);
  }
}

defineErrors(ENGINE_ERRORS);

/** Whether this code is defined. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && TABLE.has(code);
}

/** The kind of a code; 'run' for one that is not defined, such as one of another copy of a library. */
export function errorKind(code: ErrorCode): ErrorKind {
  return TABLE.get(code)?.kind ?? 'run';
}

/** The message of a code with its `{name}` fields filled; for rows, which need no Error and no stack. */
export function errorMessage(code: ErrorCode, params: ErrorParams = {}): string {
  return fill(TABLE.get(code)?.message ?? code, params);
}

/** The cure of a code, or undefined if there is none or a field of its template has no value. */
export function errorHint(code: ErrorCode, params: ErrorParams = {}): string | undefined {
  const hint = fill(TABLE.get(code)?.hint ?? '', params);
  return hint === '' || /\{[a-z]+\}/.test(hint) ? undefined : hint;
}

function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{([a-z]+)\}/g, (place, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : place,
  );
}
