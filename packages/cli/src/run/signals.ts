import { EXIT } from './exit-codes.ts';
import { answerSupervisor } from './supervised.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Returns an AbortSignal that the first SIGINT or SIGTERM aborts: the run then ends early, with a complete
 * report. The second one ends the process immediately. A terminal also sends each signal to the supervisor,
 * which forwards it, so the signals of each sender are counted separately.
 */
export function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  const listenTo = (): ((name: NodeJS.Signals) => void) => {
    let heard = false;
    return (name) => {
      if (heard) process.exit(EXIT.interrupted);
      heard = true;
      controller.abort(new Error(`${name} was received`));
    };
  };
  const onSignal = listenTo();
  for (const name of SIGNALS) process.on(name, onSignal);
  answerSupervisor(listenTo());
  return controller.signal;
}
