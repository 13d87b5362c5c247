import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { USING_PRODUCT } from '../../packages/files/test/store-files.ts';

/** A task for an actor; packages/sidecar carries it out. */
export type Deed =
  | { readonly do: 'convert'; readonly input: string; readonly format: string; readonly durability: string }
  | { readonly do: 'cleanup' | 'undo'; readonly input: string }
  | { readonly do: 'save'; readonly image: string; readonly operation: string; readonly value: unknown };

/**
 * How a task ended: code null if it succeeded, else the code of the error. Null where the actor was killed.
 */
export type Ending = { readonly code: string | null } | null;

/** The program of an actor: the product alone, controlled by messages. */
const SOURCE = `
${USING_PRODUCT}
async function perform(deed) {
  if (deed.do === 'save') return product.saveSidecarData(deed.image, deed.operation, deed.value, { timeout: 1 });
  const { do: _, ...options } = deed;
  const report = await product[deed.do]({ ...options, layout: 'ndjson', maxShare: 100 });
  for await (const _ of report.rows()) {}
}
process.on('message', async (deed) => {
  let code = null;
  try {
    await perform(deed);
  } catch (error) {
    code = error.code ?? String(error.stack ?? error);
  }
  process.send({ code });
});
process.send('ready');
`;

export interface ActorOptions {
  readonly engine: 'typescript' | 'native';
  /** In a process namespace of its own, like a container. */
  readonly apart: boolean;
  /** A library that slows the calls that change names; '' for none. */
  readonly preload: string;
}

/** A process that carries out one task after another, and may be killed at any time. */
export class Actor {
  readonly options: ActorOptions;
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  #pending: ((ending: Ending) => void) | null = null;

  constructor(options: ActorOptions) {
    const { engine, apart, preload } = options;
    this.options = options;
    const node = [process.execPath, '--input-type=module', '--eval', SOURCE];
    const [command = '', ...args] = apart ? [...APART, ...node] : node;
    const slowed = preload === '' ? {} : { LD_PRELOAD: preload, SLOW_CALLS: '500' };
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, TANDEM_ENGINE: engine, ...slowed },
    });
    this.#ready = new Promise((resolve) => {
      this.#child.once('message', resolve);
      this.#child.once('close', resolve);
    });
    this.#child.on('message', (message) => {
      if (message !== 'ready') this.#end(message as Ending);
    });
    this.#child.on('close', () => this.#end(null));
  }

  async perform(deed: Deed): Promise<Ending> {
    await this.#ready;
    if (!this.#child.connected) return null;
    return new Promise((resolve) => {
      this.#pending = resolve;
      // An actor that is killed meanwhile ends the task when it closes.
      this.#child.send(deed, () => undefined);
    });
  }

  /** Kills the process, which cannot clean up; with a namespace of its own, all processes in it. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }

  #end(ending: Ending): void {
    this.#pending?.(ending);
    this.#pending = null;
  }
}

const APART = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Whether this machine allows process namespaces. */
export function canBeApart(): boolean {
  return spawnSync(APART[0] as string, [...APART.slice(1), 'true']).status === 0;
}

/** Compiles the library that slows calls; '' where there is no compiler. */
export function slowingLibrary(folder: string): string {
  const source = fileURLToPath(new URL('./slow-calls.c', import.meta.url));
  const library = `${folder}/slow-calls.so`;
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  return status === 0 && existsSync(library) ? library : '';
}
