import { availableParallelism } from 'node:os';
import { EngineHost, type TandemError } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import { count, describeCounting } from './counting.ts';

const request = { from: 0, to: 1, size: 1 };

function start(env: NodeJS.ProcessEnv, options: { workers?: number; timeout?: number } = {}): number {
  const host = new EngineHost(describeCounting(), { env, calibrationFile: null });
  host.stream(count, request, options);
  return host.performanceInfo().workers;
}

describe('workers and time limit', () => {
  test('come from the new names, else from the older ones, else from the machine', () => {
    expect(start({})).toBe(availableParallelism());
    expect(start({ COUNTING_WORKERS: '3', OLDER_WORKERS: '5' })).toBe(3);
    expect(start({ OLDER_WORKERS: '5' })).toBe(5);
    expect(start({ COUNTING_WORKERS: ' ', OLDER_WORKERS: '' })).toBe(availableParallelism());
    expect(start({ COUNTING_TIMEOUT: '0.5', OLDER_TIMEOUT: 'x' })).toBe(availableParallelism());
  });

  test('name the variable or option that is wrong, and the valid values', () => {
    for (const value of ['0', '-1', '1.5', 'many', '1e9', 'NaN', 'Infinity']) {
      for (const name of ['COUNTING_WORKERS', 'OLDER_WORKERS']) {
        expect(() => start({ [name]: value })).toThrow(`${name}: invalid worker count: '${value}'`);
      }
    }
    for (const value of ['0', '-1', 'soon', 'NaN', 'Infinity', '2147484']) {
      for (const name of ['COUNTING_TIMEOUT', 'OLDER_TIMEOUT']) {
        expect(() => start({ [name]: value })).toThrow(`${name}: invalid time limit: '${value}'`);
      }
    }
    const cure = (env: NodeJS.ProcessEnv): unknown => {
      try {
        return start(env);
      } catch (error) {
        return (error as TandemError).hint;
      }
    };
    expect(cure({ COUNTING_WORKERS: '1025' })).toBe('use a whole number from 1 to 1024');
    expect(cure({ COUNTING_TIMEOUT: '2147484' })).toBe('use seconds, more than 0 and up to 2147483');
    expect(() => start({}, { workers: 0 })).toThrow("workers: invalid worker count: '0'");
    expect(() => start({}, { timeout: -1 })).toThrow("timeout: invalid time limit: '-1'");
  });

  test('may have their largest values', () => {
    expect(start({ COUNTING_WORKERS: '1024', COUNTING_TIMEOUT: '2147483' })).toBe(1024);
  });

  test('apply to work that is not a stream', () => {
    const timeout = (env: NodeJS.ProcessEnv, option?: number): number | undefined =>
      new EngineHost(describeCounting(), { env, calibrationFile: null }).timeout(option);
    expect(timeout({})).toBeUndefined();
    expect(timeout({ OLDER_TIMEOUT: '7' })).toBe(7);
    expect(timeout({ COUNTING_TIMEOUT: '0.5', OLDER_TIMEOUT: '7' })).toBe(0.5);
    expect(timeout({ COUNTING_TIMEOUT: 'soon' }, 3)).toBe(3);
    expect(() => timeout({ COUNTING_TIMEOUT: 'soon' })).toThrow(
      "COUNTING_TIMEOUT: invalid time limit: 'soon'",
    );
  });

  test('an option overrides a wrong variable', () => {
    const host = new EngineHost(describeCounting(), {
      env: { COUNTING_WORKERS: 'x', COUNTING_TIMEOUT: 'y' },
    });
    expect(() => host.stream(count, request, { workers: 1, timeout: 1 })).not.toThrow();
    expect(() => host.performanceInfo()).toThrow('COUNTING_WORKERS');
  });
});
