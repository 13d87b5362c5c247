import { inspect } from 'node:util';
import {
  defineErrors,
  type ErrorCode,
  errorHint,
  errorKind,
  errorMessage,
  isErrorCode,
  TandemError,
} from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import './test-errors.ts';

describe('TandemError', () => {
  test('fills its message and hint from the template', () => {
    const params = { size: 12, limit: 10 };
    const error = new TandemError('ERR_TEST_TOO_LARGE', {
      params,
      path: 'a/b.json',
      offset: 3,
      line: 2,
      column: 1,
    });
    expect(error.message).toBe('the file is 12 bytes, more than the limit of 10');
    expect(error).toMatchObject({
      code: 'ERR_TEST_TOO_LARGE',
      path: 'a/b.json',
      offset: 3,
      line: 2,
      column: 1,
    });
    expect(error.hint).toBe('raise the limit');
    expect(error).toBeInstanceOf(Error);
  });

  test('leaves out the fields that it does not have', () => {
    const error = new TandemError('ERR_TEST_EMPTY');
    expect(Object.keys(error)).toEqual(['code', 'hint']);
    expect('cause' in error).toBe(false);
    expect(error.toJSON()).toStrictEqual({
      code: 'ERR_TEST_EMPTY',
      message: 'the file is empty',
      hint: 'restore it from a backup or remove it',
    });
  });

  test('has no hint where its template cannot be filled', () => {
    const error = new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params: { problem: 'no' } });
    expect(error.toJSON()).toStrictEqual({ code: 'ERR_TANDEM_BAD_ARGUMENT', message: 'no' });
    expect(errorHint('ERR_TANDEM_BAD_ARGUMENT', { cure: 'do it' })).toBe('do it');
    expect(errorHint('ERR_TANDEM_BAD_ARGUMENT', { cure: '' })).toBeUndefined();
  });

  test('does not take parameters from a prototype, and fills a template once', () => {
    expect(errorMessage('ERR_TANDEM_BAD_ARGUMENT', {})).toBe('{problem}');
    expect(errorMessage('ERR_TANDEM_BAD_ARGUMENT', { problem: '{cure} $& {constructor}' })).toBe(
      '{cure} $& {constructor}',
    );
  });

  test('keeps its cause and shows its code when printed', () => {
    const cause = new Error('EIO');
    const error = new TandemError('ERR_TEST_FAILED', { cause });
    expect(error.cause).toBe(cause);
    expect(error.name).toBe('TandemError');
    expect(error.stack).toMatch(/^TandemError \[ERR_TEST_FAILED\]: reading failed\n/);
    expect(inspect(error)).toContain('ERR_TEST_FAILED');
  });

  test('can be made where the runtime records no stack', () => {
    const { stackTraceLimit } = Error;
    try {
      Reflect.deleteProperty(Error, 'stackTraceLimit');
      const error = new TandemError('ERR_TEST_EMPTY');
      expect([error.stack, error.message]).toEqual([undefined, 'the file is empty']);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  });

  test('is recognized, also from another copy of the package', () => {
    const foreign = Object.assign(new Error('x'), { name: 'TandemError', code: 'ERR_TANDEM_ABORTED' });
    expect(TandemError.isTandemError(new TandemError('ERR_TANDEM_ABORTED'))).toBe(true);
    expect(TandemError.isTandemError(foreign)).toBe(true);
    expect(TandemError.isTandemError(Object.assign(new Error('x'), { code: 'ERR_TANDEM_ABORTED' }))).toBe(
      false,
    );
    expect(TandemError.isTandemError(Object.assign(new Error('x'), { name: 'TandemError', code: 5 }))).toBe(
      false,
    );
    expect(TandemError.isTandemError({ name: 'TandemError', code: 'ERR_TANDEM_ABORTED' })).toBe(false);
    expect(TandemError.isTandemError(null)).toBe(false);
  });

  test('has the kind of its code, and a code of another form cannot be defined', () => {
    expect(errorKind('ERR_TEST_TOO_LARGE')).toBe('document');
    expect(errorKind('ERR_TANDEM_ENGINE_FAILED')).toBe('engine');
    const definition = { kind: 'item', message: '', hint: '' } as const;
    for (const code of ['E_OTHER', 'ERR_', 'ERR_lower', 'ERR_A B']) {
      const expected = new TypeError(`invalid error code: '${code}' (use ERR_ and capital letters)`);
      expect(() => defineErrors({ [code]: definition })).toThrow(expected);
    }
  });

  test('uses the latest definition of a code, and only the code itself if there is none', () => {
    const code = 'ERR_TEST_DEFINED_LATER' as ErrorCode;
    expect([errorKind(code), errorMessage(code), errorHint(code)]).toEqual(['run', code, undefined]);
    defineErrors({ [code]: { kind: 'item', message: 'as {said}', hint: 'do it' } });
    const defined = [errorKind(code), errorMessage(code, { said: 'told' }), errorHint(code)];
    expect(defined).toEqual(['item', 'as told', 'do it']);
  });

  test('knows its codes, and not the properties of every object', () => {
    expect(isErrorCode('ERR_TANDEM_ABORTED')).toBe(true);
    for (const other of ['constructor', 'toString', 'ERR_TANDEM_', '', undefined, 7, ['ERR_TANDEM_ABORTED']])
      expect(isErrorCode(other)).toBe(false);
  });
});
