// Where tests make their temporary folders: in memory where the system has a file system there, because most
// of their time would go into syncing. Tests of what only a disk does use /var/tmp.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';

export const SCRATCH = join(existsSync(MEMORY) ? MEMORY : tmpdir(), `tandem-tests-${process.pid}`);

export function setup() {
  mkdirSync(SCRATCH, { recursive: true });
}

export function teardown() {
  rmSync(SCRATCH, { recursive: true, force: true });
}
