import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CalibrationReport, type CallOperation, calibrate, EngineHost } from '@tandem/engine';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { breakEven } from '../src/calibrate.ts';
import { calibrationKey, calibrationPath } from '../src/calibration.ts';
import { temporaryFolder, writeAddon } from './counting.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface WaitingAddon {
  abiVersion(): number;
  wait(milliseconds: number): void;
}

const folder = temporaryFolder();
/**
 * Time passes where an operation says so, and a little at each reading of the clock: the measurements must
 * not depend on the machine.
 */
const clock = Object.assign(globalThis, { calibrationClockMs: 0 });
beforeAll(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => {
    clock.calibrationClockMs += 0.001;
    return clock.calibrationClockMs;
  });
});
afterAll(() => {
  vi.restoreAllMocks();
});
const source = `module.exports = { abiVersion: () => 7, wait(ms) { globalThis.calibrationClockMs += ms; } };`;
const specifier = writeAddon(folder, source);
const key = calibrationKey('waiting', 7);

/**
 * A call that costs a fixed 0.1 ms natively, and 0.01 ms per 10 bytes in TypeScript: they are equal at 100
 * bytes.
 */
const work: CallOperation<string, string, WaitingAddon> = {
  name: 'work',
  native: (addon) => {
    addon.wait(0.1);
    return 'native';
  },
  typescript: (text) => {
    clock.calibrationClockMs += text.length / 1000;
    return 'typescript';
  },
  size: (text) => text.length,
  breakEven: 1e9,
};
const request = (bytes: number): string => 'x'.repeat(bytes);

function host(
  file: string | null,
  candidates = [{ origin: 'path' as const, specifier }],
): EngineHost<WaitingAddon> {
  const descriptor = {
    name: 'waiting',
    abi: 7,
    candidates: () => candidates,
    cures: [],
    variables: { engine: ['WAITING_ENGINE'] },
  };
  return new EngineHost<WaitingAddon>(descriptor, { env: {}, calibrationFile: file });
}

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** As docs/engine.md does. */
function save(report: CalibrationReport): CalibrationReport {
  writeFileSync(report.file, report.text);
  return report;
}

describe('calibrate', () => {
  test('measures, and the host and the next host use the saved result', () => {
    const file = join(folder, 'calibration.json');
    const measured = host(file);
    expect(measured.call(work, request(1000))).toBe('typescript');
    const before = JSON.stringify(measured.performanceInfo().operations['work']?.calls);
    const report = save(calibrate(measured, [{ operation: work, request, sizes: [20, 98, 102, 800] }]));
    measured.forgetCalibration();
    expect(report).toMatchObject({ file, operations: { work: { breakEven: 102 } } });
    expect(JSON.stringify(measured.performanceInfo().operations['work']?.calls)).toBe(before);
    for (const next of [measured, host(file)]) {
      expect(next.call(work, request(101))).toBe('typescript');
      expect(next.call(work, request(102))).toBe('native');
      expect(next.performanceInfo().calibration).toEqual({ file, state: 'read' });
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      version: 1,
      machines: { [key]: report.operations },
    });
    expect(report.text).toMatch(/\n\}\n$/);
  });

  test('keeps the measurements of other machines and operations', () => {
    const other = { breakEven: null, measured: [] };
    const file = write('shared.json', { version: 1, machines: { other: { x: other }, [key]: { y: other } } });
    const { operations } = save(calibrate(host(file), [{ operation: work, request, sizes: [20] }]));
    expect(operations['work']?.breakEven).toBeNull();
    expect(JSON.parse(readFileSync(file, 'utf8')).machines).toEqual({
      other: { x: other },
      [key]: { y: other, ...operations },
    });
    expect(host(file).call(work, request(5000))).toBe('typescript');
  });

  test('refuses a file with other content, a missing file name, and a missing native engine', () => {
    const cases = [{ operation: work, request, sizes: [1] }];
    const broken = write('broken.json', '{ "version": 2, "machines": {} }');
    expect(() => calibrate(host(broken), cases)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_BAD_ARGUMENT',
        message: `${broken} cannot be read: not a calibration file of version 1`,
        hint: 'remove it, or name another file',
      }),
    );
    expect(() => calibrate(host(null), cases)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_BAD_ARGUMENT',
        message: 'no configuration folder',
        hint: 'name a file, or set XDG_CONFIG_HOME',
      }),
    );
    expect(() => calibrate(host(null, []), cases, join(folder, 'x.json'))).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_NATIVE_UNAVAILABLE' }),
    );
  });

  test('measures each engine separately, for long enough, and by default at powers of 4', () => {
    // A clock that only the calls advance.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const calls = { native: 0, typescript: 0 };
    const empty: CallOperation<string, string, WaitingAddon> = {
      ...work,
      name: 'empty',
      native: () => {
        now += 0.5;
        return `native ${calls.native++}`;
      },
      typescript: () => {
        now += 1;
        return `typescript ${calls.typescript++}`;
      },
      // As if TypeScript never paid.
      breakEven: 0,
    };
    const file = join(folder, 'sizes.json');
    // The preference in the environment does not choose what is measured.
    vi.stubEnv('WAITING_ENGINE', 'native');
    const { operations } = calibrate(host(file), [{ operation: empty, request }]);
    vi.restoreAllMocks();
    const measured = operations['empty']?.measured ?? [];
    expect(measured.map(({ size }) => size)).toEqual(
      Array.from({ length: 9 }, (_, power) => 16 * 4 ** power),
    );
    for (const times of measured) expect(times).toMatchObject({ native: 0.5, typescript: 1 });
    // For each size and engine 7 rounds of 4 ms.
    expect(calls).toEqual({ native: 9 * 7 * 8, typescript: 9 * 7 * 4 });
  });

  test('takes the size from which native stays the faster engine', () => {
    const at = (
      size: number,
      native: number,
      typescript: number,
    ): { size: number; native: number; typescript: number } => ({
      size,
      native,
      typescript,
    });
    expect(breakEven([at(1, 2, 1), at(2, 1, 2), at(4, 2, 1), at(8, 1, 2), at(16, 1, 2)])).toBe(8);
    expect(breakEven([at(1, 1, 2)])).toBe(1);
    expect(breakEven([at(1, 1, 1)])).toBeNull();
    expect(breakEven([])).toBeNull();
  });
});

describe('a calibration file', () => {
  const version = 'not a calibration file of version 1';
  const number = "the break-even of 'work' is not a number of bytes";
  test.each([
    ['cut', '{ "version": 1, "mach', /^[^\n]+$/],
    ['empty', '', /^[^\n]+$/],
    ['another version', { version: 2, machines: {} }, version],
    ['null', 'null', version],
    ['a list', '[]', version],
    ['machines', { version: 1, machines: [] }, "'machines' is not an object"],
    ['operations', { version: 1, machines: { x: 3 } }, "'x' is not an object"],
    ['a word', { version: 1, machines: { x: { work: { breakEven: 'soon' } } } }, number],
    ['digits', { version: 1, machines: { x: { work: { breakEven: '5' } } } }, number],
    ['negative', { version: 1, machines: { x: { work: { breakEven: -1 } } } }, number],
    ['nothing', { version: 1, machines: { x: { work: null } } }, number],
  ])('that is broken (%s) is ignored, and performanceInfo says why', (name, content, reason) => {
    const file = write(`${name}.json`, content);
    const ignoring = host(file);
    expect(ignoring.call(work, request(10))).toBe('typescript');
    const expected = typeof reason === 'string' ? reason : expect.stringMatching(reason);
    expect(ignoring.performanceInfo().calibration).toEqual({ file, state: 'ignored', reason: expected });
  });

  test('may say that native is always faster', () => {
    const file = write('always.json', { version: 1, machines: { [key]: { work: { breakEven: 0 } } } });
    expect(host(file).call(work, '')).toBe('native');
  });

  test('that is a folder is ignored, and one that does not exist is absent', () => {
    expect(host(folder).performanceInfo().calibration.state).toBe('ignored');
    expect(host(join(folder, 'none.json')).performanceInfo().calibration.state).toBe('absent');
  });

  test('with an entry of another ABI and Node version is not used', () => {
    const file = write('others.json', {
      version: 1,
      machines: { 'waiting abi 6 node 1.0.0': { work: { breakEven: 0 } } },
    });
    expect(host(file).call(work, request(10))).toBe('typescript');
    expect(key).toBe(`waiting abi 7 node ${process.versions.node}`);
    const inherited = write('proto.json', { version: 1, machines: { [key]: {} } });
    expect(host(inherited).call({ ...work, name: 'constructor' }, request(10))).toBe('typescript');
  });

  test('is in the configuration folder', () => {
    const home = (): string => join('/home', 'me');
    expect(calibrationPath({ XDG_CONFIG_HOME: '/config' }, 'linux', home)).toBe(
      join('/config', 'tandem', 'calibration.json'),
    );
    const standard = join('/home', 'me', '.config', 'tandem', 'calibration.json');
    expect(calibrationPath({}, 'linux', home)).toBe(standard);
    expect(calibrationPath({ XDG_CONFIG_HOME: 'relative' }, 'darwin', home)).toBe(standard);
    expect(calibrationPath({ APPDATA: 'data' }, 'win32', home)).toBe(
      join('data', 'tandem', 'calibration.json'),
    );
    expect(calibrationPath({}, 'win32', home)).toBeNull();
    const homeless = (): never => {
      throw new Error('no home');
    };
    expect(calibrationPath({}, 'linux', homeless)).toBeNull();
  });
});
