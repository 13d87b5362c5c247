import type { AddonDescriptor } from './addon.ts';
import { type ErrorParams, errorKind, isErrorCode } from './error-table.ts';
import { TandemError } from './tandem-error.ts';

/**
 * The error of the native engine, if it is the answer and not a failure of the engine: a TandemError rebuilt
 * from an error whose code is defined and not of kind 'engine', or an error that the
 * descriptor recognizes. Null means that the engine failed.
 */
export function domainError<Addon extends { abiVersion(): number }>(
  thrown: unknown,
  descriptor: AddonDescriptor<Addon>,
): unknown {
  try {
    return answerIn(thrown, descriptor);
  } catch {
    // An object that throws when it is inspected, such as a proxy whose traps throw, is not an answer.
    return null;
  }
}

function answerIn<Addon extends { abiVersion(): number }>(
  thrown: unknown,
  descriptor: AddonDescriptor<Addon>,
): unknown {
  if (TandemError.isTandemError(thrown)) return errorKind(thrown.code) === 'engine' ? null : thrown;
  return rebuild(thrown) ?? (descriptor.isDomainError?.(thrown) === true ? thrown : null);
}

/**
 * A promise that Node-API rejects carries only a status as its code, so there the code comes before the
 * message. If a TandemError has more than a message, the message is a JSON object with `params` for the
 * template, `path`, `offset`, `line` and `column`; so one function fills the template for both engines.
 */
function rebuild(thrown: unknown): TandemError | null {
  if (!(thrown instanceof Error)) return null;
  const [, written] = /^(ERR_[A-Z0-9_]+): /.exec(thrown.message) ?? [];
  const own = 'code' in thrown ? thrown.code : undefined;
  const code = isErrorCode(own) ? own : written;
  if (!isErrorCode(code) || errorKind(code) === 'engine') return null;
  const text = code === written ? thrown.message.slice(`${code}: `.length) : thrown.message;
  const told = text.startsWith('{') ? parse(text) : null;
  const fields = told ?? (thrown as unknown as Fields);
  return new TandemError(code, {
    ...(told === null && text !== '' ? { message: text } : {}),
    ...(isParams(fields['params']) ? { params: fields['params'] } : {}),
    ...(typeof fields['path'] === 'string' ? { path: fields['path'] } : {}),
    ...(typeof fields['offset'] === 'number' ? { offset: fields['offset'] } : {}),
    ...(typeof fields['line'] === 'number' ? { line: fields['line'] } : {}),
    ...(typeof fields['column'] === 'number' ? { column: fields['column'] } : {}),
    cause: thrown,
  });
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): Fields | null {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return null;
  }
}

function isParams(value: unknown): value is ErrorParams {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((param) => typeof param === 'string' || typeof param === 'number')
  );
}
