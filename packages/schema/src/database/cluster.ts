import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_STEPS, rawPath, removeOwnedFolder } from '@tandem/files';
import { makeClusterFolder } from './cluster-folder.ts';
import { type ServerUser, serverUser } from './server-user.ts';

/** Milliseconds that a server has to shut down before it is killed. */
const PATIENCE = 5000;

/**
 * A temporary PostgreSQL server in a folder for temporary files. It listens only on a socket in that folder.
 */
export class Cluster {
  readonly folder: string;
  readonly #bin: string;
  readonly #user: ServerUser | null;
  readonly #children = new Set<ChildProcess>();
  // The last resort, if the process exits without calling end().
  readonly #onExit = (): void => {
    for (const child of this.#children) child.kill('SIGKILL');
    this.#remove();
  };

  /** @param bin the folder with initdb and postgres */
  constructor(bin: string) {
    this.#bin = bin;
    this.#user = serverUser();
    this.folder = makeClusterFolder(this.#user);
    process.on('exit', this.#onExit);
  }

  /** Creates the data folder. If initdb fails, the error quotes the last lines of its log. */
  async init(): Promise<void> {
    // The simplest locale that knows Unicode letters; macOS has no such locale.
    const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
    const args = ['-D', this.#data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', `--locale=${locale}`];
    const child = this.#start('initdb', [...args, '--no-sync', '--no-instructions']);
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new Error(`initdb failed: ${this.lastWords()}`);
  }

  /**
   * Starts the server. It takes a moment before it accepts connections; the process is returned because it
   * may exit instead.
   */
  serve(): ChildProcess {
    const settings = {
      listen_addresses: '',
      unix_socket_directories: this.folder,
      // Its data does not have to survive a crash.
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      max_connections: '8',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return this.#start('postgres', ['-D', this.#data, ...args]);
  }

  /** Stops everything that was started, and removes the folder. */
  async end(): Promise<void> {
    await Promise.all([...this.#children].map(ended));
    process.removeListener('exit', this.#onExit);
    this.#remove();
  }

  /** The last lines of the log. */
  lastWords(): string {
    try {
      const lines = readFileSync(this.#log, 'utf8').trim().split('\n');
      return lines.slice(-3).join('; ');
    } catch {
      return 'it said nothing';
    }
  }

  #start(program: string, args: readonly string[]): ChildProcess {
    const log = FILE_STEPS.append(rawPath(this.#log));
    const child = spawn(join(this.#bin, program), args, {
      cwd: this.folder,
      stdio: ['ignore', log, log],
      // Ctrl-C is meant for Tandem, which stops its child processes itself.
      detached: true,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      ...(this.#user ?? {}),
    });
    closeSync(log);
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    child.on('error', () => this.#children.delete(child));
    return child;
  }

  #remove(): void {
    removeOwnedFolder(this.folder);
  }

  get #data(): string {
    return join(this.folder, 'data');
  }

  get #log(): string {
    return join(this.folder, 'log');
  }
}

/** SIGQUIT is PostgreSQL's immediate shutdown: it also ends all processes of the server. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGQUIT');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await gone;
  clearTimeout(timer);
}
