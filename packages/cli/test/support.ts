import {
  type ChildProcess,
  execFileSync,
  type ForkOptions,
  fork,
  type SpawnOptions,
  spawn,
  spawnSync,
} from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The root of the checkout. */
export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));
export const BIN: string = join(ROOT, 'bin');

/** A suffix for the name of a test, so that a skipped one gives its reason. */
export function skipped(reason: string | null): string {
  return reason === null ? '' : ` (skipped: ${reason})`;
}

export interface Finished {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command as a user would, on the engine of this test run. */
export function start(
  args: readonly string[],
  options: SpawnOptions & { program?: string } = {},
): ChildProcess {
  const { program = join(BIN, 'tandem'), ...rest } = options;
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...rest });
}

/** Runs the command to its end. */
export async function tandem(
  args: readonly string[],
  options: SpawnOptions & { program?: string; input?: string | Buffer } = {},
): Promise<Finished> {
  const { input, ...rest } = options;
  const child = start(args, { ...rest, ...(input === undefined ? {} : { stdio: ['pipe', 'pipe', 'pipe'] }) });
  child.stdin?.end(input);
  return finished(child);
}

/**
 * Runs the command to its end in a process that has run it before, for tests of what it prints: a process of
 * its own takes many times as long. Signals, streams and limits need `tandem`.
 */
export function printed(
  args: readonly string[],
  { cwd = process.cwd(), env = process.env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const ended = lastPrinted.then(() => printedAlone({ args, cwd, env }));
  lastPrinted = ended.catch(() => undefined);
  return ended;
}

/** One after another: a process has one working folder. */
let lastPrinted: Promise<unknown> = Promise.resolve();
let warm: ChildProcess | null = null;

function warmCommand(): ChildProcess {
  if (warm === null) {
    const options: ForkOptions = { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] };
    warm = fork(fileURLToPath(new URL('./warm-command.cjs', import.meta.url)), options);
    // It ends with this process, which does not wait for it.
    warm.unref();
    (warm.channel as { unref(): void } | null)?.unref();
  }
  return warm;
}

async function printedAlone(message: object): Promise<Finished> {
  const child = warmCommand();
  (child.channel as { ref(): void } | null)?.ref();
  const ended = new AbortController();
  const answer = Promise.race([
    once(child, 'message', ended) as Promise<[Finished & { failure: string | null }]>,
    once(child, 'exit', ended).then(() => {
      warm = null;
      throw new Error('the command ended its process');
    }),
  ]);
  child.send(message);
  const [{ failure, ...result }] = await answer.finally(() => ended.abort());
  (child.channel as { unref(): void } | null)?.unref();
  if (failure !== null) throw new Error(failure);
  return result;
}

export async function finished(child: ChildProcess): Promise<Finished> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) =>
      resolve({
        status,
        signal,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
  });
}

/** Runs a shell script to its end, for pipes. */
export function shell(script: string, options: SpawnOptions = {}): Promise<Finished> {
  return finished(spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'], ...options }));
}

/** Why `onTerminal` is not available, or null. It needs the `script` of util-linux. */
export const noTerminal: string | null = spawnSync('script', ['--version']).stdout?.includes('util-linux')
  ? null
  : 'no script of util-linux';

/** The start of a shell script on a terminal; what is written to its stdin is typed there. */
export function startOnTerminal(
  script: string,
  { columns = 100, env = {} }: { columns?: number; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const args = ['-qec', `stty cols ${columns}; ${script}`, '/dev/null'];
  const uncolored = { NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: 'xterm', NODE_NO_WARNINGS: '1' };
  return spawn('script', args, { env: { ...process.env, ...uncolored, ...env } });
}

/** Runs a shell script on a terminal to its end; both streams are in `stdout`. */
export async function onTerminal(
  script: string,
  options: { columns?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const child = startOnTerminal(script, options);
  child.stdin?.end();
  const { stdout, ...rest } = await finished(child);
  return { ...rest, stdout: stdout.replaceAll('\r\n', '\n') };
}

/** A folder for one test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files below a folder. */
export function write(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Runs git in a folder, without the settings of the machine. */
export function gitIn(folder: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  execFileSync('git', [...identity, ...args], { cwd: folder, env, stdio: 'pipe' });
}

export const FACES = JSON.stringify({
  sidecar_info: { operation_type: 'face_detection', created_at: '2024-05-01T10:00:00Z' },
  face_detection: { success: true, processing_time: 0.5, tool_name: 'yolov8n', faces: [{ confidence: 0.9 }] },
});

/** Three images with a sidecar each, one of them cut. */
export function photos(): string {
  const folder = scratchFolder();
  write(folder, {
    'a.jpg': '',
    'a.json': FACES,
    'b.jpg': '',
    'b.json': FACES.slice(0, 40),
    'sub/c.png': '',
    'sub/c.png.json': FACES,
  });
  return folder;
}

/** Many sidecars, so that a run takes a while. */
export function manyPhotos(count: number): string {
  const folder = scratchFolder();
  const padded = JSON.stringify({ ...(JSON.parse(FACES) as object), notes: 'x'.repeat(2000) });
  for (let index = 0; index < count; index += 1) {
    const name = `f${Math.floor(index / 500)}`;
    if (index % 500 === 0) mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, `${index}.json`), padded);
  }
  return folder;
}
