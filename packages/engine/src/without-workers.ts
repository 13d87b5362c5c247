import { channel } from 'node:diagnostics_channel';
import type { OperationMetrics } from './metrics.ts';
import type { RunOptions } from './run-options.ts';

/** The name of the node:diagnostics_channel on which every WithoutWorkersEvent is published. */
export const WITHOUT_WORKERS_CHANNEL = 'tandem:without-workers';

/** A run wanted worker threads, none could be started, and the calling thread does the work. */
export interface WithoutWorkersEvent {
  /** The descriptor's name. */
  readonly addon: string;
  readonly operation: string;
  /** One line. */
  readonly reason: string;
  readonly cause: unknown;
}

const subscribers = channel(WITHOUT_WORKERS_CHANNEL);

/**
 * Counts the event, publishes it, and notifies the caller of the run; throws what `onWithoutWorkers` throws.
 */
export function announceWithoutWorkers(
  event: WithoutWorkersEvent,
  metrics: OperationMetrics,
  options: RunOptions,
): void {
  metrics.withoutWorkers(event.reason);
  subscribers.publish(event);
  options.onWithoutWorkers?.(event);
}
