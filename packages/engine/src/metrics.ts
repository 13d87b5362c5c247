import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { EngineName } from './selection.ts';

/** The metrics of one operation on this host. */
export interface OperationInfo {
  /** Runs, and how many of them began on each engine. */
  readonly calls: number;
  readonly callsByEngine: Readonly<Record<EngineName, number>>;
  /** The engine of the latest batch or result; null before the first. */
  readonly engine: EngineName | null;
  readonly items: number;
  readonly bytes: number;
  /** Milliseconds, to 1 %: waiting for the engine for a batch, or a call; null before the first. */
  readonly milliseconds: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  readonly fallbacks: FallbackCount;
  /** Runs in which no worker thread could be started. */
  readonly withoutWorkers: FallbackCount;
}

/** How often the native engine failed, or worker threads could not be started, and why. */
export interface FallbackCount {
  readonly count: number;
  /** How often each reason occurred; at most 20 are listed, the rest are under '(others)'. */
  readonly reasons: Readonly<Record<string, number>>;
}

const NANOSECONDS = 1e6;
const DAY = 8.64e13;
const REASONS_KEPT = 20;

/** The metrics of one operation. A record costs about 0.1 us; one object takes about 30 kB. */
export class OperationMetrics {
  readonly #milliseconds: RecordableHistogram = createHistogram({ lowest: 1, highest: DAY, figures: 2 });
  readonly #calls: Record<EngineName, number> = { native: 0, typescript: 0 };
  #engine: EngineName | null = null;
  #items = 0;
  #bytes = 0;
  readonly #fallbacks = new ReasonCount();
  readonly #withoutWorkers = new ReasonCount();

  /** A run begins. */
  begin(engine: EngineName): void {
    this.#calls[engine] += 1;
  }

  /** A batch or a result arrived. */
  record(engine: EngineName, milliseconds: number, items: number, bytes: number): void {
    this.#engine = engine;
    this.#items += items;
    this.#bytes += bytes;
    this.#milliseconds.record(Math.min(DAY, Math.max(1, Math.round(milliseconds * NANOSECONDS))));
  }

  /** The native engine failed. */
  fallback(reason: string): void {
    this.#fallbacks.add(reason);
  }

  /** No worker thread could be started for a run. */
  withoutWorkers(reason: string): void {
    this.#withoutWorkers.add(reason);
  }

  report(): OperationInfo {
    const at = (percent: number): number => this.#milliseconds.percentile(percent) / NANOSECONDS;
    return {
      calls: this.#calls.native + this.#calls.typescript,
      callsByEngine: { ...this.#calls },
      engine: this.#engine,
      items: this.#items,
      bytes: this.#bytes,
      milliseconds: this.#engine === null ? null : { p50: at(50), p95: at(95), p99: at(99) },
      fallbacks: this.#fallbacks.report(),
      withoutWorkers: this.#withoutWorkers.report(),
    };
  }
}

class ReasonCount {
  readonly #reasons = new Map<string, number>();
  #count = 0;

  add(reason: string): void {
    this.#count += 1;
    // Reasons may contain file names: their number must not grow with the input.
    const key = this.#reasons.has(reason) || this.#reasons.size < REASONS_KEPT ? reason : '(others)';
    this.#reasons.set(key, (this.#reasons.get(key) ?? 0) + 1);
  }

  report(): FallbackCount {
    return { count: this.#count, reasons: Object.fromEntries(this.#reasons) };
  }
}

/** The metrics of all operations of a host. */
export class Metrics {
  readonly #operations = new Map<string, OperationMetrics>();

  of(operation: string): OperationMetrics {
    let metrics = this.#operations.get(operation);
    if (metrics === undefined) {
      metrics = new OperationMetrics();
      this.#operations.set(operation, metrics);
    }
    return metrics;
  }

  report(): Record<string, OperationInfo> {
    return Object.fromEntries([...this.#operations].map(([name, metrics]) => [name, metrics.report()]));
  }
}
