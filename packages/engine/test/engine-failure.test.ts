import { type AddonDescriptor, TandemError } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import './test-errors.ts';
import { domainError } from '../src/engine-failure.ts';
import { describeCounting } from './counting.ts';

const answer = (
  thrown: unknown,
  descriptor: AddonDescriptor<{ abiVersion(): number }> = describeCounting(),
): unknown => domainError(thrown, descriptor);
const json = (thrown: unknown): unknown => (answer(thrown) as TandemError | null)?.toJSON();
const withCode = (code: string, message: string, fields: object = {}): Error =>
  Object.assign(new Error(message), { code, ...fields });

describe('a value thrown by the native engine', () => {
  test('that is a TandemError is the answer unchanged, unless the engine failed', () => {
    const empty = new TandemError('ERR_TEST_EMPTY');
    expect(answer(empty)).toBe(empty);
    expect(answer(new TandemError('ERR_TANDEM_ENGINE_FAILED'))).toBeNull();
    expect(answer(new TandemError('ERR_TANDEM_NO_WORKERS'))).toBeNull();
  });

  test('with a code of the table is rebuilt, with the original as its cause', () => {
    const thrown = withCode('ERR_TEST_EMPTY', 'it is empty', { path: 'a.json' });
    const rebuilt = answer(thrown);
    expect(rebuilt).toBeInstanceOf(TandemError);
    expect(rebuilt).toMatchObject({ message: 'it is empty', path: 'a.json', cause: thrown });
  });

  test('without a message gets the message of its code', () => {
    const expected = { message: 'the run was cancelled' };
    expect(json(withCode('ERR_TANDEM_ABORTED', ''))).toMatchObject(expected);
    expect(json(new Error('ERR_TANDEM_ABORTED: '))).toMatchObject(expected);
    expect(json(new Error('ERR_TANDEM_ABORTED: {}'))).toMatchObject(expected);
  });

  test('may have a message of many lines after its code', () => {
    expect(json(new Error('ERR_TANDEM_ABORTED: one\ntwo\n'))).toMatchObject({ message: 'one\ntwo\n' });
    const twice = withCode('ERR_TANDEM_ABORTED', 'ERR_TANDEM_ABORTED: once');
    expect(json(twice)).toMatchObject({ message: 'once' });
    const other = withCode('ERR_TANDEM_ABORTED', 'ERR_TEST_EMPTY: kept');
    expect(json(other)).toMatchObject({
      code: 'ERR_TANDEM_ABORTED',
      message: 'ERR_TEST_EMPTY: kept',
    });
  });

  test.each(['{no', '"quoted"', '7', '[1]', 'null', ' {}'])('keeps the message %s', (message) => {
    expect(json(withCode('ERR_TANDEM_ABORTED', message))).toMatchObject({ message });
  });

  test('takes its position from fields of the right type only', () => {
    const right = { path: '/a', offset: 0, line: 1, column: 2 };
    const wrong = { path: 7, offset: '4', line: null, column: true };
    const told = { code: 'ERR_TEST_EMPTY', message: 'the file is empty' };
    const hint = 'restore it from a backup or remove it';
    for (const [fields, expected] of [
      [right, right],
      [wrong, {}],
    ] as const) {
      expect(json(withCode(told.code, told.message, fields))).toStrictEqual({ ...told, hint, ...expected });
      expect(json(new Error(`${told.code}: ${JSON.stringify(fields)}`))).toStrictEqual({
        ...told,
        hint,
        ...expected,
      });
    }
  });

  test.each([
    [{ option: '--x', problem: 7 }, '--x 7'],
    [{ option: '--x', problem: {} }, '{option} {problem}'],
    [{ option: [], problem: null }, '{option} {problem}'],
    [null, '{option} {problem}'],
    ['text', '{option} {problem}'],
  ])('fills its template with strings and numbers only: %j', (params, message) => {
    const details = JSON.stringify({ params });
    expect(json(new Error(`ERR_TANDEM_BAD_OPTION: ${details}`))).toMatchObject({ message });
  });

  test.each([
    ['an object that is not an Error', { code: 'ERR_TEST_EMPTY', message: 'the file is empty' }],
    ['an Error with the code inside its message', new Error('panic at ERR_TEST_EMPTY: the file is empty')],
    ['an Error with a code and no colon', new Error('ERR_TEST_EMPTY')],
    ['nothing', undefined],
  ])('is a failure where it is %s', (_name, thrown) => {
    expect(answer(thrown)).toBeNull();
  });

  test('is the answer where the descriptor says so', () => {
    const ours = new RangeError('ours');
    const knowing = { ...describeCounting(), isDomainError: (error: unknown) => error === ours };
    expect(answer(ours, knowing)).toBe(ours);
    expect(answer(new RangeError('other'), knowing)).toBeNull();
    expect(answer(ours)).toBeNull();
  });
});
