import type { AddonDescriptor } from './addon.ts';
import { ERROR_CODES } from './generated/error-codes.ts';
import { isErrorCode, TandemError } from './tandem-error.ts';

/**
 * What the native engine threw, if it is the answer and not a failure of the engine: a TandemError rebuilt from an
 * error whose code stands in spec/error-codes.json and is not of kind 'engine', or what the descriptor claims as its
 * own. Null means that the engine failed.
 */
export function domainError<Addon extends { abiVersion(): number }>(
  thrown: unknown,
  descriptor: AddonDescriptor<Addon>,
): unknown {
  if (TandemError.isTandemError(thrown)) return ERROR_CODES[thrown.code].kind === 'engine' ? null : thrown;
  return rebuild(thrown) ?? (descriptor.isDomainError?.(thrown) === true ? thrown : null);
}

function rebuild(thrown: unknown): TandemError | null {
  if (!(thrown instanceof Error)) return null;
  const fields = thrown as Error & Readonly<Record<string, unknown>>;
  // A promise that Node-API rejects carries a status as its code, so there the code stands before the message.
  const [, written, rest] = /^(ERR_TANDEM_[A-Z0-9_]+): (.*)$/s.exec(thrown.message) ?? [];
  const code = isErrorCode(fields['code']) ? fields['code'] : written;
  if (!isErrorCode(code) || ERROR_CODES[code].kind === 'engine') return null;
  const message = code === written ? rest : thrown.message;
  return new TandemError(code, {
    ...(message ? { message } : {}),
    ...text('path', fields['path']),
    ...text('hint', fields['hint']),
    ...number('offset', fields['offset']),
    ...number('line', fields['line']),
    ...number('column', fields['column']),
    cause: thrown,
  });
}

function text<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  return typeof value === 'string' ? ({ [name]: value } as Record<Name, string>) : {};
}

function number<Name extends string>(name: Name, value: unknown): Partial<Record<Name, number>> {
  return typeof value === 'number' ? ({ [name]: value } as Record<Name, number>) : {};
}
