import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { TandemError } from '@tandem/engine';
import { tellError } from '../terminal/report-error.ts';
import { EXIT } from './exit-codes.ts';
import { type Answer, ASK, SUPERVISED } from './supervised.ts';

/**
 * How long a run may take to end by itself after its time is up: the engine's own grace period, plus one
 * second for the report.
 */
const GRACE_MS = 3000;
/** The limit for a command that is writing: it first makes a group of files durable. */
const WRITING_MS = 60_000;
/** The limit for an answer, and for a process that is done to exit. */
const ANSWER_MS = 2000;
const ASK_EVERY_MS = 500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs this command line in a child process, and kills the child if the child's own time limit cannot end it:
 * a thread stuck in a system call keeps its process from exiting, and if it is the main thread, no timer
 * fires. A kill loses no file that is being converted or moved.
 * @param title the command as it was called
 * @returns the status of the child
 */
export async function supervise(title: string, seconds: number): Promise<number> {
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [SUPERVISED]: String(process.pid) },
    windowsHide: true,
  });
  const watch = new Watch(child, title, seconds);
  try {
    return await watch.status;
  } finally {
    watch.end();
  }
}

class Watch {
  readonly status: Promise<number>;
  readonly #child: ChildProcess;
  readonly #timers: NodeJS.Timeout[] = [];
  #answered = 0;
  #busySince = 0;
  #signals = 0;
  /** The status that the child reported, or the status to return after a kill. */
  #told: number | null = null;

  constructor(child: ChildProcess, title: string, seconds: number) {
    this.#child = child;
    this.status = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(this.#told ?? code ?? killedBy(signal)));
    });
    child.on('message', (answer: Answer) => this.#hear(answer));
    for (const name of SIGNALS) process.on(name, this.#onSignal);
    const until = Math.min(seconds * 1000 + GRACE_MS, LONGEST_TIMER_MS);
    this.#timers.push(setTimeout(() => this.#ask(title, seconds), until));
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }

  /**
   * Called when the time is up and the child should have ended. Asks the child whether it is alive, and kills
   * it if it hangs.
   */
  #ask(title: string, seconds: number): void {
    const now = performance.now();
    this.#answered = now;
    this.#busySince = now;
    this.#timers.push(
      setInterval(() => {
        const hangs = performance.now() - this.#answered > ANSWER_MS;
        if (hangs || performance.now() - this.#busySince > WRITING_MS) this.#kill(title, seconds);
        else this.#send(ASK);
      }, ASK_EVERY_MS),
    );
  }

  #hear(answer: Answer): void {
    this.#answered = performance.now();
    // A slow reader of stdout is not a hang.
    if ('writes' in answer && answer.writes) this.#busySince = this.#answered;
    if (!('done' in answer)) return;
    const { done } = answer;
    this.#timers.push(setTimeout(() => this.#end(done), ANSWER_MS));
  }

  #kill(title: string, seconds: number): void {
    if (this.#told !== null) return;
    const hint =
      'it was stuck in a system call and had to be killed: is a disk or network share not responding?';
    tellError(title, new TandemError('ERR_TANDEM_TIMEOUT', { params: { seconds }, hint }));
    this.#end(EXIT.notDone);
  }

  #end(status: number): void {
    this.#told = status;
    this.#child.kill('SIGKILL');
  }

  /**
   * A terminal sends signals to both processes, `kill` only to one. The child therefore counts the signals of
   * each sender separately.
   */
  readonly #onSignal = (name: NodeJS.Signals): void => {
    this.#send(name);
    this.#signals += 1;
    if (this.#signals > 1) this.#timers.push(setTimeout(() => this.#end(EXIT.interrupted), ANSWER_MS));
  };

  #send(message: string): void {
    // The child may have ended by now; the 'exit' event reports that.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

/** The status of a process that a signal ended, as a shell reports it. */
function killedBy(signal: NodeJS.Signals | null): number {
  return signal === null ? EXIT.notDone : 128 + constants.signals[signal];
}
