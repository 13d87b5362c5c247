import { EXIT } from './exit-codes.ts';
import { answerSupervisor } from './supervised.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * A signal that the first SIGINT or SIGTERM aborts: the run then ends early, with a complete report. The second
 * ends the process at once. A terminal sends each to a supervisor as well, which hands it on, so those of one sender are counted.
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
