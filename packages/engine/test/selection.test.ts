import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EngineHost, type EngineHostOptions, type Runtime, TandemError } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import {
  type CountingAddon,
  countingAddonSource,
  describeCounting,
  temporaryFolder,
  writeAddon,
} from './counting.ts';

const folder = temporaryFolder();
const good = (): string => writeAddon(folder, countingAddonSource());

function host(options: EngineHostOptions, ...specifiers: string[]): EngineHost<CountingAddon> {
  const candidates = specifiers.map((specifier) => ({ origin: 'path' as const, specifier }));
  return new EngineHost(describeCounting(...candidates), { env: {}, calibrationFile: null, ...options });
}

function caught(work: () => unknown): TandemError {
  try {
    work();
  } catch (error) {
    if (error instanceof TandemError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the search for the addon', () => {
  test('takes the first suitable candidate and lists the ones before it with their reasons', () => {
    const missing = join(folder, 'missing.node');
    const stale = writeAddon(folder, countingAddonSource(6));
    const path = good();
    const selection = host({}, missing, stale, path, good()).select();
    expect(selection).toMatchObject({ engine: 'native', path, abi: 7 });
    expect(selection.failures.map((failure) => failure.reason)).toEqual([
      `${missing} does not exist`,
      `${stale} has ABI 6; 7 is required`,
    ]);
  });

  test('refuses another ABI, newer or older, and an addon that reports none', () => {
    for (const abi of [6, 8]) {
      const stale = writeAddon(folder, `module.exports = { abiVersion: () => ${abi} }`);
      const selection = host({}, stale).select('auto');
      expect(selection.engine).toBe('typescript');
      expect(selection.reason).toContain(`${stale} has ABI ${abi}; 7 is required`);
    }
    const others = { '"7"': "'7' (string)", null: "'null' (object)", '7n': "'7' (bigint)" };
    for (const [abi, shown] of Object.entries(others)) {
      const stale = writeAddon(folder, `module.exports = { abiVersion: () => ${abi} }`);
      expect(host({}, stale).select('auto').reason).toContain(
        `${stale} has ABI ${shown}; the number 7 is required`,
      );
    }
    for (const source of ['module.exports = {}', 'module.exports = null']) {
      expect(host({}, writeAddon(folder, source)).select().reason).toContain('reports no ABI; 7 is required');
    }
  });

  test('survives an addon that throws while it is loaded or asked, and keeps the chain of causes', () => {
    const inner = "throw new Error('outer', { cause: new TypeError('inner') })";
    const throwing = host({}, writeAddon(folder, inner)).select();
    expect(throwing.engine).toBe('typescript');
    expect(throwing.failures[0]?.reason).toContain('cannot be loaded: outer');
    expect(throwing.failures[0]?.causes).toEqual(['Error: outer', 'TypeError: inner']);
    const panicking = writeAddon(folder, `module.exports = { abiVersion() { throw 'no' } }`);
    expect(host({}, panicking).select().reason).toContain('cannot be loaded: no');
    const hostile = 'new Proxy({}, { getPrototypeOf() { throw 1 }, get() { throw 2 }, has() { throw 3 } })';
    for (const strange of ['Object.create(null)', hostile]) {
      for (const source of [`throw ${strange}`, `module.exports = { abiVersion() { throw ${strange} } }`]) {
        const { engine: taken, reason } = host({}, writeAddon(folder, source)).select();
        expect(taken).toBe('typescript');
        expect(reason).toContain('cannot be loaded: something that cannot be shown');
      }
    }
  });

  test('survives a descriptor that throws', () => {
    const descriptor = {
      ...describeCounting(),
      candidates: (): never => {
        throw new Error('no cwd');
      },
    };
    const reason = 'the list of places failed: no cwd';
    const candidate = { origin: 'path', specifier: 'counting' };
    expect(new EngineHost(descriptor, { env: {} }).select()).toEqual({
      engine: 'typescript',
      reason: `no addon: ${reason}`,
      failures: [{ candidate, reason, causes: ['Error: no cwd'] }],
    });
  });

  test('says in one line that a file is not a library of this system, or is a program', () => {
    const text = join(folder, 'text.node');
    writeFileSync(
      text,
      'not a library, but long enough to be looked at as one, and with more than one line\n\n',
    );
    const program = join(folder, 'program');
    copyFileSync(process.execPath, program);
    chmodSync(program, 0o755);
    for (const path of [text, program]) {
      const { engine, reason, failures } = host({}, path).select();
      expect(engine).toBe('typescript');
      expect(reason).toContain(path);
      expect(reason).not.toContain('\n');
      expect(failures[0]?.causes[0]).toMatch(/^Error: /);
    }
  });

  test('finds a package from the module that depends on it, and says when it is not installed', () => {
    const home = join(folder, 'library');
    const installed = join(home, 'node_modules', '@counting', 'native');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), '{ "name": "@counting/native", "main": "addon.cjs" }');
    writeFileSync(join(installed, 'addon.cjs'), countingAddonSource());
    const from = pathToFileURL(join(home, 'index.js')).href;
    const candidate = { origin: 'package' as const, specifier: '@counting/native' };
    const options = { env: {}, calibrationFile: null };
    expect(new EngineHost(describeCounting({ ...candidate, from }), options).select().path).toBe(
      join(installed, 'addon.cjs'),
    );
    const { engine, reason } = new EngineHost(describeCounting(candidate), options).select();
    expect([engine, reason]).toEqual(['typescript', 'no addon: @counting/native is not installed']);
  });

  test('does not load a candidate that was refused beforehand', () => {
    const candidate = { origin: 'path' as const, specifier: good(), refused: 'that is a program' };
    const { engine, reason } = new EngineHost(describeCounting(candidate), { env: {} }).select();
    expect([engine, reason]).toEqual(['typescript', 'no addon: that is a program']);
  });

  test('runs once per host, and not at all where TypeScript is requested', () => {
    let looked = 0;
    const specifier = good();
    const descriptor = {
      ...describeCounting(),
      candidates: () => {
        looked += 1;
        return [{ origin: 'path' as const, specifier }];
      },
    };
    const counted = new EngineHost(descriptor, { env: {} });
    counted.select('typescript');
    expect(looked).toBe(0);
    expect(counted.select()).toBe(counted.select('auto'));
    counted.select('native');
    expect(looked).toBe(1);
  });
});

describe('the preference', () => {
  test('is the option, else COUNTING_ENGINE, else auto', () => {
    const path = good();
    expect(host({}, path).select().engine).toBe('native');
    expect(host({ env: { COUNTING_ENGINE: '' } }, path).select().engine).toBe('native');
    expect(host({ env: { COUNTING_ENGINE: 'typescript' } }, path).select().engine).toBe('typescript');
    expect(host({ env: { COUNTING_ENGINE: 'typescript' } }, path).select('native').engine).toBe('native');
    expect(host({ env: { COUNTING_ENGINE: 'native' } }, path).select('typescript')).toEqual({
      engine: 'typescript',
      reason: 'asked for by name',
      failures: [],
    });
    expect(host({}, path).select('native').reason).toBe(`asked for by name: ${path}`);
    expect(host({}, path).select('auto').reason).toBe(`found: ${path}`);
  });

  test('must be a known word', () => {
    const error = caught(() => host({ env: { COUNTING_ENGINE: 'rust' } }).select());
    expect(error.code).toBe('ERR_TANDEM_BAD_OPTION');
    expect(error.message).toBe("COUNTING_ENGINE: invalid engine: 'rust'");
    expect(error.hint).toBe('one of: auto, native, typescript');
    expect(caught(() => host({}).select('Native' as 'native')).message).toBe(
      "engine: invalid engine: 'Native'",
    );
  });

  test('for native by name lists causes and cures where the addon is missing', () => {
    const missing = join(folder, 'missing.node');
    const broken = writeAddon(folder, "throw new Error('bad magic')");
    const error = caught(() => host({ env: { COUNTING_ENGINE: 'native' } }, missing, broken).select());
    expect(error.code).toBe('ERR_TANDEM_NATIVE_UNAVAILABLE');
    expect(error.message).toContain(`${missing} does not exist; ${broken} cannot be loaded: bad magic`);
    expect(error.hint).toBe('build the addon');
    expect((error.cause as Error).message).toBe('Error: bad magic');
    const nowhere = caught(() => host({}).select('native'));
    expect(nowhere.message).toContain('no location to load it from');
    expect(nowhere.cause).toBeUndefined();
  });

  test('for native by name lists every cause and every cure', () => {
    const worse = writeAddon(folder, "throw new Error('outer', { cause: new TypeError('inner') })");
    const candidates = [worse, writeAddon(folder, "throw new Error('bad magic')")].map((specifier) => ({
      origin: 'path' as const,
      specifier,
    }));
    const hint = (cures: string[]): unknown => {
      const descriptor = { ...describeCounting(...candidates), cures };
      return caught(() => new EngineHost(descriptor, { env: {} }).select('native'));
    };
    expect(hint(['build the addon', 'install it'])).toMatchObject({
      hint: 'build the addon; or install it',
      cause: { message: 'Error: outer\nTypeError: inner\nError: bad magic' },
    });
    expect(hint([])).toMatchObject({ hint: "run 'tandem doctor', or let auto choose the engine" });
  });

  test('auto tries no addon in runtimes where addons have crashed, and native by name does', () => {
    const path = good();
    const where = (runtime: Partial<Runtime>): EngineHost<CountingAddon> =>
      host({ runtime: { mainThread: true, versions: {}, ...runtime } }, path);
    for (const [runtime, word] of [
      [{ mainThread: false }, 'worker threads'],
      [{ versions: { bun: '1.3' } }, 'Bun'],
      [{ versions: { deno: '2' } }, 'Deno'],
      [{ versions: { electron: '40' } }, 'Electron'],
    ] as const) {
      expect(where(runtime).select()).toEqual({
        engine: 'typescript',
        reason: `addons are not tried in ${word}`,
        failures: [],
      });
      expect(where(runtime).select('native').engine).toBe('native');
    }
    expect(where({}).select().engine).toBe('native');
  });
});
