import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';
import { TandemError } from '@tandem/engine';

/** One call of git. */
export interface GitCall {
  /** The folder in which it runs. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Data for its stdin. */
  readonly input?: Uint8Array;
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Git reported an error. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
}

/**
 * These select a repository, index or work tree other than those of the folder; git sets them for the
 * commands that its hooks call.
 */
const NOT_TAKEN =
  `GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_PREFIX GIT_NAMESPACE GIT_OBJECT_DIRECTORY
  GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_GRAFT_FILE GIT_SHALLOW_FILE GIT_IMPLICIT_WORK_TREE GIT_INTERNAL_SUPER_PREFIX GIT_ATTR_SOURCE
  GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS GIT_ICASE_PATHSPECS GIT_INDEX_VERSION GIT_SPLIT_INDEX`.split(/\s+/);
/** Paths are literal, not patterns, and git never prompts. */
const OURS = { GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
/** No hook runs, no daemon starts, and nothing is written except the index that is named. */
const SETTINGS = [
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.sparseCheckout=false',
  'index.sparse=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);
const isWindows = process.platform === 'win32';
/** Milliseconds that git has to exit before it is killed. */
const PATIENCE = 2000;
const MOST_WORDS = 400;

/**
 * Runs git without a shell, and returns its output. Git has exited when this returns, even after an abort.
 * @throws {GitFailure} with git's own message
 * @throws {TandemError} ERR_TANDEM_GIT_FAILED if git is not installed
 */
export async function git(args: readonly string[], call: GitCall): Promise<Buffer> {
  const { folder, signal, input, env } = call;
  signal.throwIfAborted();
  const child = spawn(gitProgram(), [...SETTINGS, ...args], {
    cwd: folder,
    env: { ...gitEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // A process group of its own, so that git's filters end with git. On Windows this would open a window.
    detached: !isWindows,
  });
  const kill = (): void => end(child, 'SIGKILL');
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    end(child, 'SIGTERM');
    timer = setTimeout(kill, PATIENCE);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  process.on('exit', kill);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // Git may exit before it has read all of its input; its exit status shows why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
      // Processes that git has started may hold its streams open for longer.
      child.on('exit', () => signal.aborted && resolve(null));
    });
    signal.throwIfAborted();
    if (status !== 0) throw new GitFailure(lastWords(Buffer.concat(err)) || `it ended with status ${status}`);
    return Buffer.concat(out);
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ENOENT' ? noGit(cause) : cause;
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', kill);
    signal.removeEventListener('abort', onAbort);
  }
}

function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has just exited.
  }
}

/** Git failed to do what a revision requires. */
export function gitFailed(what: string, problem: string, cure: string, cause?: unknown): TandemError {
  return new TandemError('ERR_TANDEM_GIT_FAILED', { params: { what, problem, cure }, cause });
}

function noGit(cause: unknown): TandemError {
  return gitFailed('a revision needs git', 'git was not found on PATH', 'install git', cause);
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of NOT_TAKEN) delete env[name];
  return { ...env, ...OURS };
}

/** Windows would search the folder first, and run a git.exe that it finds there. */
function gitProgram(): string {
  if (!isWindows) return 'git';
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, 'git.exe')).find((file) => existsSync(file));
  if (found === undefined) throw noGit(undefined);
  return found;
}

/** On one line, without the prefixes that git puts before its messages. */
function lastWords(stderr: Buffer): string {
  const lines = stderr.toString().split('\n');
  const words = lines
    .map((line) => line.replace(/^(fatal|error): /, '').trim())
    .filter((line) => line !== '');
  return words.join('; ').slice(0, MOST_WORDS);
}
