import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineHost } from '@tandem/engine';
import { ABI, addonDescriptor, describeAddon, platformTriple } from '@tandem/native';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'tandem-native-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const generated = fileURLToPath(new URL('../generated/', import.meta.url));
const places = { triple: 'linux-x64-gnu', cwd: folder };

describe('the addon', () => {
  test('has the ABI number of the Rust side', () => {
    const rust = readFileSync(
      new URL('../../../crates/tandem-node/src/generated/abi.rs', import.meta.url),
      'utf8',
    );
    expect(Number(/const ABI: u32 = ([\d_]+);/.exec(rust)?.[1]?.replaceAll('_', ''))).toBe(ABI);
  });

  const built = existsSync(join(generated, `tandem.${platformTriple()}.node`));
  test.skipIf(!built)('that was built here loads and reports its ABI', () => {
    const host = new EngineHost(describeAddon({ env: {} }), { env: {}, calibrationFile: null });
    expect(host.select('native')).toMatchObject({ engine: 'native', abi: ABI });
  });
});

describe('the candidates for the addon', () => {
  test('are a build in this checkout, then the package of the platform', () => {
    expect(describeAddon({ ...places, env: {} }).candidates()).toEqual([
      { origin: 'checkout', specifier: join(generated, 'tandem.linux-x64-gnu.node') },
      { origin: 'package', specifier: '@tandem/native-linux-x64-gnu', from: expect.stringMatching(/^file:/) },
    ]);
  });

  test('begin with TANDEM_NATIVE_PATH, relative to the working directory', () => {
    const first = (env: NodeJS.ProcessEnv): unknown => describeAddon({ ...places, env }).candidates()[0];
    const absolute = join(folder, 'x.node');
    expect(first({ TANDEM_NATIVE_PATH: absolute })).toEqual({ origin: 'path', specifier: absolute });
    expect(first({ TANDEM_NATIVE_PATH: 'x.node' })).toEqual({ origin: 'path', specifier: absolute });
    expect(first({ TANDEM_NATIVE_PATH: 'x.node', SPORTBALL_RUST_BINARY_PATH: '/y' })).toMatchObject({
      specifier: absolute,
    });
    expect(first({ TANDEM_NATIVE_PATH: '' })).toMatchObject({ origin: 'checkout' });
  });

  test('include the older variable where the new one is unset: an addon is taken, a program is passed over', () => {
    const addon = join(folder, 'older.node');
    const [taken] = describeAddon({ ...places, env: { SPORTBALL_RUST_BINARY_PATH: addon } }).candidates();
    expect(taken).toEqual({ origin: 'path', specifier: addon });

    const program = join(folder, 'sportball-rust');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    const env = { SPORTBALL_RUST_BINARY_PATH: program };
    const host = new EngineHost(describeAddon({ ...places, triple: 'none', env }), {
      env: {},
      calibrationFile: null,
    });
    const { engine, failures } = host.select('auto');
    expect(engine).toBe('typescript');
    expect(failures.map(({ reason }) => reason)).toEqual([
      `SPORTBALL_RUST_BINARY_PATH names a program and no addon (${program}), so it is passed over`,
      `${join(generated, 'tandem.none.node')} does not exist`,
      '@tandem/native-none is not installed',
    ]);
  });

  test('are those of this process by default', () => {
    expect(addonDescriptor.name).toBe('tandem');
    expect(addonDescriptor.abi).toBe(ABI);
    const last = addonDescriptor.candidates().at(-1);
    expect(last).toMatchObject({ origin: 'package', specifier: `@tandem/native-${platformTriple()}` });
  });

  test('in TANDEM_NATIVE_PATH are refused with another ABI', () => {
    writeFileSync(join(folder, 'stale.cjs'), `module.exports = { abiVersion: () => ${ABI + 1} };`);
    const env = { TANDEM_NATIVE_PATH: './stale.cjs' };
    const host = new EngineHost(describeAddon({ ...places, triple: 'none', env }), {
      env: {},
      calibrationFile: null,
    });
    expect(host.select('auto').failures[0]?.reason).toBe(
      `${resolve(folder, 'stale.cjs')} has ABI ${ABI + 1}; ${ABI} is required`,
    );
    expect(() => host.select('native')).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_NATIVE_UNAVAILABLE' }),
    );
  });
});

describe('the triple of a platform', () => {
  test.each([
    ['linux', 'x64', false, 'linux-x64-gnu'],
    ['linux', 'x64', true, 'linux-x64-musl'],
    ['linux', 'arm64', false, 'linux-arm64-gnu'],
    ['linux', 'arm64', true, 'linux-arm64-musl'],
    ['linux', 'arm', false, 'linux-arm-gnueabihf'],
    ['darwin', 'arm64', false, 'darwin-arm64'],
    ['darwin', 'x64', false, 'darwin-x64'],
    ['win32', 'x64', false, 'win32-x64-msvc'],
    ['win32', 'arm64', false, 'win32-arm64-msvc'],
  ] as const)('%s %s, musl %s: %s', (platform, arch, musl, triple) => {
    let asked = 0;
    const isMusl = (): boolean => {
      asked += 1;
      return musl;
    };
    expect(platformTriple({ platform, arch, isMusl })).toBe(triple);
    expect(asked).toBe(platform === 'linux' ? 1 : 0);
  });

  test.skipIf(process.platform !== 'linux')('agrees with the report of Node about the C library', () => {
    const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
    expect(platformTriple().endsWith('musl')).toBe(header.glibcVersionRuntime === undefined);
  });
});
