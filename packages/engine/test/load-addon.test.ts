import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AddonCandidate, EngineHost, type Selection } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import { countingAddonSource, describeCounting, temporaryFolder, writeAddon } from './counting.ts';

const folder = temporaryFolder();

function select(...candidates: AddonCandidate[]): Selection {
  return new EngineHost(describeCounting(...candidates), { env: {}, calibrationFile: null }).select('auto');
}

/** The first failure of an addon whose file has this text. */
function failure(source: string): { reason: string | undefined; causes: readonly string[] | undefined } {
  const specifier = writeAddon(folder, source);
  const [first] = select({ origin: 'path', specifier }).failures;
  return { reason: first?.reason.replace(specifier, 'ADDON'), causes: first?.causes };
}

describe('an addon that cannot be loaded', () => {
  const elsewhere = 'ADDON was built for another system';
  const newer = 'ADDON needs a newer libc than this system has';
  test.each([
    ["/lib/libc.so.6: version `GLIBC_2.38' not found (required by addon.node)", newer],
    ["libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by addon.node)", newer],
    ['addon.node: invalid ELF header', elsewhere],
    ['addon.node: wrong ELF class: ELFCLASS32', elsewhere],
    ["dlopen(addon.node): mach-o file, but is an incompatible architecture (have 'x86_64')", elsewhere],
    ['\\\\?\\C:\\addon.node is not a valid Win32 application.', elsewhere],
    ['libfoo.so.1: cannot open', 'ADDON cannot be loaded: libfoo.so.1: cannot open'],
    ['GLIBC is not at fault', 'ADDON cannot be loaded: GLIBC is not at fault'],
  ])('says why in one line: %s', (words, reason) => {
    expect(failure(`throw new Error(${JSON.stringify(words)})`)).toEqual({
      reason,
      causes: [`Error: ${words}`],
    });
  });

  test.each([
    ["'a word'", 'a word', ['a word']],
    ['null', 'null', []],
    ['undefined', 'undefined', []],
    ["{ code: 'MODULE_NOT_FOUND', toString: () => 'an object' }", 'an object', ['an object']],
    [
      'new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })',
      'something that cannot be shown',
      [],
    ],
  ])('may throw anything: %s', (thrown, words, causes) => {
    expect(failure(`throw ${thrown}`)).toEqual({ reason: `ADDON cannot be loaded: ${words}`, causes });
  });

  test('has no cause where the reason is complete', () => {
    expect(failure('module.exports = { abiVersion: () => 6 }')).toEqual({
      reason: 'ADDON has ABI 6; 7 is required',
      causes: [],
    });
  });
});

describe('the file of an addon', () => {
  const written = (name: string, source: string): AddonCandidate => {
    writeFileSync(join(folder, name), source);
    return { origin: 'path', specifier: join(folder, name) };
  };

  test('may be JavaScript', () => {
    const candidate = written('addon.js', countingAddonSource());
    expect(select(candidate)).toMatchObject({ engine: 'native', path: candidate.specifier });
  });

  test('counts as JavaScript only by the end of its name', () => {
    const { engine, failures } = select(written('addon.js.so', countingAddonSource()));
    expect([engine, failures.length]).toEqual(['typescript', 1]);
  });
});

describe('the package of an addon', () => {
  /** A package below a library, and the candidate that finds it. */
  function installed(name: string, source: string): AddonCandidate {
    const home = join(folder, 'library', 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name, main: 'addon.cjs' }));
    writeFileSync(join(home, 'addon.cjs'), source);
    const from = pathToFileURL(join(folder, 'library', 'index.js')).href;
    return { origin: 'package', specifier: name, from };
  }

  test('that is not installed is reported as such, with the message of Node as its cause', () => {
    const { reason, failures } = select({ ...installed('there', ''), specifier: 'not-there' });
    expect(reason).toBe('no addon: not-there is not installed');
    expect(failures[0]?.causes[0]).toMatch(/^Error: Cannot find module 'not-there'/);
  });

  test('that lacks a module itself counts as installed', () => {
    const { reason } = select(installed('lacking', "require('what-is-not-there');"));
    expect(reason).toBe("no addon: lacking cannot be loaded: Cannot find module 'what-is-not-there'");
  });

  test('without anything to load is reported', () => {
    const candidate = installed('closed', '');
    const home = join(folder, 'library', 'node_modules', 'closed');
    writeFileSync(join(home, 'package.json'), '{ "name": "closed", "exports": {} }');
    expect(select(candidate).reason).toMatch(/^no addon: closed cannot be loaded: /);
  });
});
