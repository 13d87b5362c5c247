import { EXIT } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * A signal that the first SIGINT or SIGTERM aborts: the run then comes to its end and the report is whole. The second
 * ends the process at once.
 */
export function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error(`${name} was received`));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return controller.signal;
}
