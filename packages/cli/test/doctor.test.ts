import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeCheck } from '../src/doctor/machine.ts';
import { printed, scratchFolder, tandem, write } from './support.ts';

interface DoctorReport {
  readonly works: boolean;
  readonly checks: readonly {
    name: string;
    state: string;
    text: string;
    details?: string[];
    cure?: string;
  }[];
}

async function doctor(
  env: Readonly<Record<string, string>>,
): Promise<DoctorReport & { status: number | null }> {
  const { status, stdout, stderr } = await tandem(['doctor', '--json'], { env: { ...process.env, ...env } });
  expect(stderr).toBe('');
  return { status, ...(JSON.parse(stdout) as DoctorReport) };
}

describe('tandem doctor', () => {
  it('says that a run works, and on which engine', async () => {
    const { status, works, checks } = await doctor({});
    expect({ status, works }).toEqual({ status: 0, works: true });
    const engine = checks.find(({ name }) => name === 'engine');
    expect(engine?.text).toContain(`${process.env['TANDEM_ENGINE']}: asked for by name`);
    const trial = checks.find(({ name }) => name === 'trial run');
    expect(trial?.text).toBe(`reads a file on the ${process.env['TANDEM_ENGINE']} engine`);
  });

  it('prints text for people', async () => {
    const { status, stdout } = await printed(['doctor']);
    expect(status).toBe(0);
    for (const word of [
      'node',
      'platform',
      'cargo',
      'addon',
      'ABI',
      'engine',
      'workers',
      'timeout',
      'calibration',
      'folder',
    ]) {
      expect(stdout).toContain(word);
    }
    expect(stdout).toMatch(/\nTandem works here\.\n$/);
  });

  it('says why an addon was refused, with the underlying error', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'noise.node');
    write(folder, { 'noise.node': 'no library' });
    const { checks } = await doctor({ TANDEM_ENGINE: 'auto', TANDEM_NATIVE_PATH: path });
    const details = checks.find(({ name }) => name === 'addon')?.details?.join('\n');
    expect(details).toContain(`not used (path): ${path}`);
    expect(details).toContain('because: Error: ');
  });

  it('says that the path of the older program is ignored', async () => {
    const { checks } = await doctor({
      TANDEM_ENGINE: 'auto',
      SPORTBALL_RUST_BINARY_PATH: '/opt/sportball-sidecar-rust',
    });
    expect(checks.find(({ name }) => name === 'addon')?.details?.join('\n')).toContain(
      'names a program and no addon',
    );
  });

  it('finds settings that are wrong, misspelled or overridden', async () => {
    const { status, works, checks } = await doctor({
      TANDEM_WORKERS: '0',
      SPORTBALL_RUST_WORKERS: '4',
      TANDEM_ENGIN: 'native',
      TANDEM_TIMEOUT: '60',
    });
    expect({ status, works }).toEqual({ status: 3, works: false });
    const text = checks
      .map(({ name, state, text: said, cure }) => `${name} ${state} ${said} ${cure ?? ''}`)
      .join('\n');
    expect(text).toContain("workers problem TANDEM_WORKERS: invalid worker count: '0'");
    expect(text).toContain('SPORTBALL_RUST_WORKERS=4 has no effect, because TANDEM_WORKERS is set');
    expect(text).toContain('did you mean TANDEM_ENGINE?');
    expect(text).toContain('60 s for a whole run');
  });

  it('knows the versions of Node on which Tandem is tested', () => {
    const states = ['18.20.0', '20.18.3', '20.19.0', '21.7.0', '22.11.0', '22.12.0', '24.1.0'].map(
      (version) => nodeCheck(version).state,
    );
    expect(states).toEqual(['problem', 'problem', 'ok', 'problem', 'problem', 'ok', 'ok']);
  });
});
