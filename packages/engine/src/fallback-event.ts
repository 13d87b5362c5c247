import { channel } from 'node:diagnostics_channel';
import type { OperationMetrics } from './metrics.ts';
import type { RunOptions } from './run-options.ts';

/** The name of the node:diagnostics_channel on which every FallbackEvent is published. */
export const FALLBACK_CHANNEL = 'tandem:fallback';

/** The native engine failed, and TypeScript continued. */
export interface FallbackEvent {
  /** The descriptor's name. */
  readonly addon: string;
  readonly operation: string;
  /** One line. */
  readonly reason: string;
  /** How many batches had been delivered before; always 0 for a call. */
  readonly batch: number;
  /** The cursor of the last of them, '' when there was none. */
  readonly cursor: string;
  /** What the native engine threw. */
  readonly cause: unknown;
}

const subscribers = channel(FALLBACK_CHANNEL);

/** Counts a fallback, publishes it, and notifies the caller of the run; throws what `onFallback` throws. */
export function announceFallback(event: FallbackEvent, metrics: OperationMetrics, options: RunOptions): void {
  metrics.fallback(event.reason);
  subscribers.publish(event);
  options.onFallback?.(event);
}
