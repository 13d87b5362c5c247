import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FACES, scratchFolder, tandem, write } from './support.ts';

/** Seconds; the limit is reached before anything can be done. */
const OVER = '0.000000001';

/** Photos with an orphan, and with another one in the quarantine. */
async function cleanedPhotos(): Promise<string> {
  const folder = scratchFolder();
  write(folder, { 'a.jpg': '', 'a.json': FACES, 'b.json': FACES });
  await tandem(['sidecar', 'cleanup', '--input', folder, '--quiet']);
  write(folder, { 'c.json': FACES });
  return folder;
}

describe('TANDEM_TIMEOUT', () => {
  it.each([
    'validate',
    'stats',
    'format-stats',
    'export',
    'convert --format bin',
    'convert --format bin --dry-run',
    'cleanup',
    'cleanup --dry-run',
    'undo',
    'purge --all',
  ])('ends %s with status 3 and a whole report', async (command) => {
    const folder = await cleanedPhotos();
    const before = readdirSync(folder, { recursive: true }).sort();
    for (const name of ['TANDEM_TIMEOUT', 'SPORTBALL_RUST_TIMEOUT']) {
      const args = ['sidecar', ...command.split(' '), '--input', folder, '--output', '-'];
      const { status, stdout, stderr } = await tandem(args, { env: { ...process.env, [name]: OVER } });
      expect(status).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({ complete: false });
      expect(stderr).toMatch(/^tandem sidecar [a-z-]+: the run took longer than 1e-9 s \(.*\)\n$/);
    }
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });
});
