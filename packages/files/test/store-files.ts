import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { newRun, type Run } from '../src/run-id.ts';

const folders: string[] = [];
// Here and not where a folder is made: a hook that is set within a test is not called.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** For tests of what a disk does: temporary folders are in memory where that is possible. */
export const DISK = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'tandem-store-'));
  folders.push(folder);
  return folder;
}

/** A run whose process is gone: the number of this one with another start. */
export function deadRun(): Run {
  const run = newRun();
  const started = run.started + 1;
  return { ...run, started, id: run.id.replace(`-${run.started}-r`, `-${started}-r`) };
}

/** Every file below a folder, by path (latin1, so that no name is lost), with its bytes in latin1. */
export function treeOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (below: string): void => {
    const path = Buffer.from(`${folder}/${below}`, 'latin1');
    for (const entry of readdirSync(path, { encoding: 'latin1', withFileTypes: true })) {
      if (entry.isDirectory()) walk(`${below}${entry.name}/`);
      else if (entry.isFile()) {
        found.set(
          below + entry.name,
          readFileSync(Buffer.from(`${folder}/${below}${entry.name}`, 'latin1'), 'latin1'),
        );
      }
    }
  };
  walk('');
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The first lines of a module that a child process evaluates. The bundle is required, because Node would search
 * it for exports if it were imported.
 */
export const USING_PRODUCT: string = `
  import { createRequire } from 'node:module';
  const product = createRequire(process.execPath)(${JSON.stringify(
    fileURLToPath(new URL('../../../node_modules/.cache/test-children/child-modules.cjs', import.meta.url)),
  )});`;

export interface ChildEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs the text of a module in a Node process of its own. There `product` has what
 * packages/sidecar/test/child-modules.ts exports.
 */
export function runModule(source: string, args: readonly string[] = []): Promise<ChildEnd> {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `${USING_PRODUCT}\n${source}`,
    '--',
    ...args,
  ]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ stdout, stderr, code, signal }));
  });
}
