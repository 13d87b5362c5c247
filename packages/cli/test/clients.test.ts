import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, type Finished, finished, photos, ROOT, scratchFolder, skipped } from './support.ts';

/** Scripts of the older tool's users, if they are beside the checkout. */
const CLIENTS = join(ROOT, '../shared/clients');
const missing = !existsSync(CLIENTS)
  ? `no ${CLIENTS}`
  : isThere('jq') && isThere('make')
    ? null
    : 'no jq or make';

// The name says what is missing, so that a skipped test gives its reason.
describe.skipIf(missing !== null)(`scripts of the older tool's users${skipped(missing)}`, () => {
  it('health-check.sh', async () => {
    const { status, stdout } = await runScript('health-check.sh', photos());
    expect(status).toBe(0);
    expect(stdout).toContain('Found 1 invalid files');
    expect(stdout).toContain('"total_sidecars":3');
    expect(stdout).toContain('"format_distribution"');
    expect(stdout).toContain('Health check complete!');
  });

  it('format-optimization.sh', async () => {
    const { status, stdout, stderr } = await runScript('format-optimization.sh', photos());
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^(real|user|sys|[\d.\s])*$/),
    });
    expect(stdout).toContain('JSON: 3 files');
    expect(stdout).toContain('Convert to Binary format');
  });

  it('photography-pipeline.sh', async () => {
    const folder = photos();
    const { status, stdout, workplace } = await runScript(
      'photography-pipeline.sh',
      folder,
      '/path/to/photos',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('Statistics written to: pipeline_stats.json\n');
    expect(stdout).toContain('Format statistics written to: format_analysis.json\n');
    expect(stdout).toContain('Converted 2 sidecar files to Binary\n');
    expect(stdout).toContain('Pipeline complete!');
    expect(readdirSync(workplace)).toEqual(
      expect.arrayContaining(['format_analysis.json', 'pipeline_stats.json']),
    );
    expect(existsSync(join(folder, 'a.bin'))).toBe(true);
  });

  it.each(['validate-rust', 'stats-rust', 'format-stats', 'test-integration'])(
    'Makefile.users, %s',
    async (target) => {
      const { status, stdout } = await make(target, photos());
      expect(status).toBe(0);
      expect(stdout).toMatch(/"total_(files|sidecars)":3/);
    },
  );

  it.each(['convert-rkyv', 'convert-binary'])('Makefile.users, %s', async (target) => {
    const folder = photos();
    rmSync(join(folder, 'b.json'));
    const { status, stdout } = await make(target, folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Converted 2 sidecar files to /m);
  });
});

/** Runs a script as its user does, unchanged except for the folder that it names. */
async function runScript(
  name: string,
  folder: string,
  named?: string,
): Promise<Finished & { workplace: string }> {
  const workplace = scratchFolder();
  mkdirSync(join(workplace, 'target/release'), { recursive: true });
  symlinkSync(join(BIN, 'sportball-sidecar-rust'), join(workplace, 'target/release/sportball-sidecar-rust'));
  const text = readFileSync(join(CLIENTS, name), 'utf8');
  writeFileSync(join(workplace, name), named === undefined ? text : text.replace(named, folder));
  const done = await finished(
    spawn('bash', [name, folder], { cwd: workplace, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  return { ...done, workplace };
}

function make(target: string, folder: string): Promise<Finished> {
  const args = ['--no-print-directory', '-f', 'Makefile.users', target, `SIDECAR_DIR=${folder}`];
  return finished(spawn('make', args, makePlace()));
}

/**
 * A project beside the tool, which it finds under its older name; `cargo` does nothing here, because the
 * build is not part of the test.
 */
function makePlace(): { cwd: string; env: NodeJS.ProcessEnv; stdio: ['ignore', 'pipe', 'pipe'] } {
  const home = scratchFolder();
  const project = join(home, 'project');
  const release = join(home, 'sportball-sidecar-rust/target/release');
  mkdirSync(project);
  mkdirSync(release, { recursive: true });
  symlinkSync(join(BIN, 'sportball-sidecar-rust'), join(release, 'sportball-sidecar-rust'));
  copyFileSync(join(CLIENTS, 'Makefile.users'), join(project, 'Makefile.users'));
  const tools = join(home, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'cargo'), '#!/bin/sh\nexit 0\n');
  chmodSync(join(tools, 'cargo'), 0o755);
  const path = `${tools}${delimiter}${process.env['PATH'] ?? ''}`;
  return { cwd: project, env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] };
}

function isThere(tool: string): boolean {
  return spawnSync(tool, ['--version']).status === 0;
}
