import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { finished, gitIn, scratchFolder, start, write } from './support.ts';

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n';

/** The folder into which a process checks out a revision, once it exists. */
async function folderOf(pid: number | undefined): Promise<string> {
  for (;;) {
    const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('tandem-rev-'));
    const own = folders
      .map((name) => join(tmpdir(), name))
      .find((folder) => ownerOf(folder).includes(`-${pid}-`));
    if (own !== undefined && existsSync(join(own, 'tree'))) return own;
    await sleep(20);
  }
}

function ownerOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'owner'), 'utf8');
  } catch {
    return '';
  }
}

describe('tandem schema changed over a revision', () => {
  it.each([1, 2])('ended by %d signals leaves no folder', async (signals) => {
    const folder = scratchFolder();
    write(folder, {
      'db/environments/local.yaml': CONFIG,
      'db/schema/a.sql': 'SELECT 1;\n',
      'db/schema/.gitattributes': '*.sql filter=slow\n',
    });
    gitIn(folder, 'init', '--quiet', '--initial-branch=main');
    gitIn(folder, 'add', '.');
    gitIn(folder, 'commit', '--quiet', '-m', 'x');
    gitIn(folder, 'config', 'filter.slow.smudge', 'sleep 600');
    const child = start(['schema', 'changed', 'main'], { cwd: folder });
    const ended = finished(child);
    const laidOut = await folderOf(child.pid);
    for (let sent = 0; sent < signals; sent++) child.kill('SIGINT');
    const { status, signal } = await ended;
    // The second one may arrive when Node has already removed its handlers; a shell reports 130 then, too.
    expect(signal === 'SIGINT' ? 130 : status).toBe(130);
    expect(existsSync(laidOut)).toBe(false);
  });
});
