import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { chooseColor, isColored } from '../src/terminal/color.ts';
import { BIN, noTerminal, onTerminal, printed, skipped, tandem } from './support.ts';

const RED = '\u001b[31m';
const BOLD = '\u001b[1m';
const ESCAPE = '\u001b';
const GONE = ['sidecar', 'validate', '/no/such/folder'];

describe('--color', () => {
  it('always makes the error red and its path bold', async () => {
    const { stderr } = await printed([...GONE, '--color', 'always']);
    expect(stderr).toMatch(/^tandem sidecar validate: /);
    expect(stderr).toContain(`${BOLD}/no/such/folder: `);
    expect(stderr).toContain(`${RED}the folder does not exist`);
  });

  it.each([['--color', 'never'], ['--color=never'], ['--color', 'auto'], []])(
    '%j leaves a pipe without colors',
    async (...args) => {
      const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined };
      const { stderr } = await tandem([...GONE, ...args], { env });
      expect(stderr).toContain('/no/such/folder: the folder does not exist');
      expect(stderr).not.toContain(ESCAPE);
    },
  );

  it('also applies to usage errors', async () => {
    const { status, stderr } = await printed(['sidecar', 'validate', '--color=always', '--wrokers', '2']);
    expect(status).toBe(2);
    expect(stderr).toContain(RED);
  });

  it('colors doctor, but not JSON', async () => {
    expect((await printed(['doctor', '--color', 'always'])).stdout).toContain('\u001b[32mok');
    expect((await printed(['doctor', '--json', '--color', 'always'])).stdout).not.toContain(ESCAPE);
  });
});

describe('variables', () => {
  it.each([
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
  ])('%j in a pipe', async (variables, colored) => {
    const env = {
      ...process.env,
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      NODE_NO_WARNINGS: '1',
      ...variables,
    };
    const { stderr } = await tandem(GONE, { env });
    expect(stderr.includes(RED)).toBe(colored);
  });

  afterEach(() => chooseColor('auto'));

  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '' }, false, true],
  ])('%j, on a terminal: %s', (env, isSeen, colored) => {
    expect(isColored(1, env, isSeen)).toBe(colored);
    chooseColor('always');
    expect(isColored(1, env, isSeen)).toBe(true);
    chooseColor('never');
    expect(isColored(1, env, isSeen)).toBe(false);
  });
});

describe.skipIf(noTerminal !== null)(`on a terminal${skipped(noTerminal)}`, () => {
  it('an error is colored, unless NO_COLOR is set', async () => {
    const line = `${process.execPath} ${join(BIN, 'tandem')} ${GONE.join(' ')}`;
    expect((await onTerminal(line)).stdout).toContain(`${RED}the folder does not exist`);
    expect((await onTerminal(line, { env: { NO_COLOR: '1' } })).stdout).not.toContain(RED);
  });

  it.each([
    [40, 60],
    [70, 70],
    [200, 120],
  ])('help on %i columns is wrapped at %i', async (columns, width) => {
    const line = `${process.execPath} ${join(BIN, 'tandem')} schema diff --help`;
    const { stdout } = await onTerminal(line, { columns });
    const lengths = stdout
      .split('\n')
      .filter((text) => !text.startsWith('  tandem '))
      .map((text) => text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(width);
    expect(Math.max(...lengths)).toBeGreaterThan(width - 12);
  });
});
