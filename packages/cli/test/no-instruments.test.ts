import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { platformTriple } from '@tandem/native';
import { describe, expect, it } from 'vitest';
import { scratchFolder, tandem, write } from './support.ts';

/**
 * Variables that tests once used to change files, end processes and fail an engine: the product does not read
 * them.
 */
const VARIABLES = { TANDEM_MEANWHILE: 'empty:0', TANDEM_STEPS: 'panic:0' };
const ADDON = fileURLToPath(
  new URL(`../../native/generated/tandem.${platformTriple()}.node`, import.meta.url),
);

describe('the product', () => {
  it.skipIf(!existsSync(ADDON))('has an addon that reads no variable', () => {
    const names = readFileSync(ADDON, 'latin1').match(/(?<!ERR_)TANDEM_[A-Z]+/g);
    expect(names).toBeNull();
  });

  it('ignores TANDEM_MEANWHILE and TANDEM_STEPS', async () => {
    const folder = scratchFolder();
    write(folder, {
      'db/environments/local.yaml':
        'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n',
      'db/schema/a.sql': 'SELECT 1;\n',
      'photos/a.json': '{"face_detection":[1]}',
      'photos/b.json': '{"face_detection":[2]}',
    });
    const env = { ...process.env, ...VARIABLES };
    const built = await tandem(['schema', 'build'], { cwd: folder, env });
    expect(built).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'db/schema/a.sql'), 'utf8')).toBe('SELECT 1;\n');
    const made = await tandem(['sidecar', 'convert', 'photos', '--format', 'bin'], { cwd: folder, env });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toMatch(/^Converted 2/);
  });
});
