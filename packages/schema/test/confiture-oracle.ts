import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const VERSION = '1.29.0';
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url));
const DRIVER = fileURLToPath(new URL('confiture-driver.py', import.meta.url));

/** Confiture's description of one file; paths are raw. */
export interface ConfitureFile {
  readonly path: string;
  readonly label: string;
  readonly entry: string;
  readonly order: number;
  readonly pattern: string;
  readonly isSeed: boolean;
  readonly phase: string;
}

/** The class of an error and its message. */
export interface ConfitureError {
  readonly error: string;
  readonly message: string;
}

export type ConfitureAnswer = { readonly files: readonly ConfitureFile[] } | ConfitureError;

/** What confiture is to build from a project. */
export interface ConfitureWishes {
  /** One text for each; the hash is that of the last one. */
  readonly envs: readonly string[];
  /** Build also the texts schema_only, superuser_pre, app and superuser_post of the first environment. */
  readonly parts: boolean;
  /**
   * Whether confiture's check of comments, which refuses valid SQL, runs as configured; otherwise it is off.
   */
  readonly check: boolean;
}

export type ConfitureBuilds =
  | { readonly texts: Readonly<Record<string, string>>; readonly hash: string }
  | ConfitureError;

/** SOURCE_DATE_EPOCH of all builds: 2009-02-13T23:31:30+00:00. */
export const EPOCH = '1234567890';

/** The real confiture, in a Python process that answers one request after another. */
export class ConfitureOracle {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(library: string) {
    this.#child = spawn('python3', ['-I', DRIVER, library]);
    this.#child.stderr.resume();
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Starts confiture, which is installed once into node_modules/.cache. @returns or why it is not available
   */
  static async start(): Promise<ConfitureOracle | string> {
    let library: string;
    try {
      library = install();
    } catch (error) {
      const { stderr = '', message } = error as { stderr?: string; message: string };
      return (String(stderr).trim().split('\n').at(-1) || message).slice(0, 200);
    }
    const oracle = new ConfitureOracle(library);
    const ready = await oracle.#lines.next();
    return ready.done === true ? 'its process ended at once' : oracle;
  }

  /** The files that it selects. */
  async ask(project: string, env = 'local'): Promise<ConfitureAnswer> {
    return (await this.#answer({ project, env })) as ConfitureAnswer;
  }

  async build(project: string, wishes: ConfitureWishes): Promise<ConfitureBuilds> {
    return (await this.#answer({ project, epoch: EPOCH, ...wishes })) as ConfitureBuilds;
  }

  stop(): void {
    this.#child.stdin.end();
  }

  async #answer(request: object): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('confiture ended');
    return JSON.parse(value);
  }
}

/**
 * The folder of confiture for this Python. Throws if it cannot be installed, with pip's output in `stderr`.
 */
function install(): string {
  const script = 'import sys; print(sys.implementation.cache_tag)';
  const tag = execFileSync('python3', ['-I', '-c', script], { encoding: 'utf8', stdio: 'pipe' }).trim();
  const library = join(CACHE, `confiture-${VERSION}-${tag}`);
  if (existsSync(library)) return library;
  mkdirSync(dirname(library), { recursive: true });
  const scratch = mkdtempSync(join(CACHE, 'confiture-'));
  try {
    const quiet = [
      '--quiet',
      '--disable-pip-version-check',
      '--no-input',
      '--retries',
      '1',
      '--timeout',
      '15',
    ];
    const what = ['--target', scratch, `fraiseql-confiture==${VERSION}`];
    execFileSync('python3', ['-m', 'pip', 'install', ...quiet, ...what], {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 180_000,
    });
    // Two runs may get here at the same time; either installation will do.
    if (!existsSync(library)) renameSync(scratch, library);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return library;
}
