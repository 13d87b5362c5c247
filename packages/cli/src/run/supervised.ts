import { EXIT } from './exit-codes.ts';

/** The environment variable that contains the pid of the supervisor. */
export const SUPERVISED = 'TANDEM_SUPERVISED';

/** The message that a supervisor sends in addition to the names of signals. */
export const ASK = 'how is it';

/**
 * The answer of a supervised process: either that it is alive, and whether it is waiting for a slow reader,
 * or that it is done, with its status.
 */
export type Answer = { readonly writes: boolean } | { readonly done: number };

const supervisor = process.env[SUPERVISED];
// A program that this process starts may also be tandem.
delete process.env[SUPERVISED];

/** Answers the supervisor that started this process, if any, and receives signals from it. */
export function answerSupervisor(onSignal: (name: NodeJS.Signals) => void): void {
  if (!isSupervised()) return;
  // The supervisor was killed in the meantime.
  if (!process.connected || supervisor !== String(process.ppid)) process.exit(EXIT.interrupted);
  process.on('message', (message: string) => {
    if (message === ASK) send({ writes: process.stdout.writableLength > 0 });
    else onSignal(message as NodeJS.Signals);
  });
  // If the supervisor is killed, this process ends too, because nothing else would end it.
  process.on('disconnect', () => process.exit(EXIT.interrupted));
  process.channel?.unref();
}

export function isSupervised(): boolean {
  return supervisor !== undefined && supervisor !== '';
}

/**
 * Reports to the supervisor that all output is written, so that it does not wait for whatever still keeps
 * this process alive.
 */
export function tellDone(status: number): void {
  if (isSupervised()) send({ done: status });
}

function send(answer: Answer): void {
  if (process.connected) process.send?.(answer, undefined, undefined, () => undefined);
}
