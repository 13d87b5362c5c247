import { LIMITS, TandemError } from '@tandem/engine';

/**
 * The value that a caller wants to store, as compact JSON. It is written only here, and nothing is changed
 * silently: a value that JSON cannot represent is refused, although JSON.stringify would omit it or write
 * null.
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for undefined, functions, symbols, BigInt, NaN, infinities,
 * maps, sets, typed arrays and cycles; ERR_TANDEM_TOO_DEEP for a value that is nested too deep even for
 * JSON.stringify
 */
export function valueText(data: unknown): Buffer {
  let text: string | undefined;
  try {
    text = JSON.stringify(data, (key, value: unknown) => {
      const problem = problemOf(value);
      if (problem !== null) throw refused(key === '' ? 'the data' : `'${key}' in the data`, problem);
      return value;
    });
  } catch (error) {
    if (error instanceof TandemError) throw error;
    if (error instanceof RangeError) {
      throw new TandemError('ERR_TANDEM_TOO_DEEP', { params: { limit: LIMITS.maxDepth }, cause: error });
    }
    // JSON.stringify detects cycles itself; a toJSON method of the caller may throw anything.
    if (error instanceof TypeError && /circular/i.test(error.message))
      throw refused('the data', 'holds itself', error);
    throw refused('the data', 'cannot be written as JSON', error);
  }
  return Buffer.from(text);
}

function problemOf(value: unknown): string | null {
  switch (typeof value) {
    case 'undefined':
      return 'is undefined';
    case 'bigint':
      return 'is a BigInt';
    case 'function':
      return 'is a function';
    case 'symbol':
      return 'is a symbol';
    case 'number':
      return Number.isFinite(value) ? null : `is ${value}`;
  }
  if (value instanceof Number) return problemOf(value.valueOf());
  // JSON.stringify turns these into {}, or into an object with a key for each number.
  if (value instanceof Map || value instanceof Set) return 'is a Map or a Set';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 'is a typed array or a buffer';
  return null;
}

function refused(what: string, problem: string, cause?: unknown): TandemError {
  const params = {
    problem: `${what} ${problem}, which JSON cannot represent`,
    cure: 'use plain objects, arrays, strings, finite numbers, true, false and null',
  };
  return new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params, cause });
}
