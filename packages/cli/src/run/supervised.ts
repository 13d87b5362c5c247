import { EXIT } from './exit-codes.ts';

/** Set to the pid of the supervisor. */
export const SUPERVISED = 'TANDEM_SUPERVISED';

/** What a supervisor sends beside the names of signals. */
export const ASK = 'how is it';

/** What a supervised process answers: that it is alive, and whether it waits for a slow reader; or that it is done, with its status. */
export type Answer = { readonly writes: boolean } | { readonly done: number };

const supervisor = process.env[SUPERVISED];
// Programs that this one starts may be tandem, too.
delete process.env[SUPERVISED];

/** Answers the supervisor that has started this process, if one has, and hears signals from there. */
export function answerSupervisor(onSignal: (name: NodeJS.Signals) => void): void {
  if (!isSupervised()) return;
  // It was killed meanwhile.
  if (!process.connected || supervisor !== String(process.ppid)) process.exit(EXIT.interrupted);
  process.on('message', (message: string) => {
    if (message === ASK) send({ writes: process.stdout.writableLength > 0 });
    else onSignal(message as NodeJS.Signals);
  });
  // It is killed as one: nobody would end this process any more.
  process.on('disconnect', () => process.exit(EXIT.interrupted));
  process.channel?.unref();
}

export function isSupervised(): boolean {
  return supervisor !== undefined && supervisor !== '';
}

/** All output is written. Whatever still keeps the process alive is not waited for. */
export function tellDone(status: number): void {
  if (isSupervised()) send({ done: status });
}

function send(answer: Answer): void {
  if (process.connected) process.send?.(answer, undefined, undefined, () => undefined);
}
