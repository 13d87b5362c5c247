import type { EnginePreference, RunOptions } from '@tandem/engine';
import { tandemHost } from '@tandem/job';

/** How a SidecarManager works; all of it has defaults. */
export interface SidecarConfig {
  /** Else TANDEM_ENGINE, else 'auto'. */
  readonly engine?: EnginePreference;
  /** Threads; else TANDEM_WORKERS, else as many as the machine has. */
  readonly maxWorkers?: number;
  /** Seconds for a whole run; else TANDEM_TIMEOUT, else none. */
  readonly timeout?: number;
  /** Go on in TypeScript when the native engine fails. True unless given; false makes such a failure an error. */
  readonly fallback?: boolean;
}

/** The options of one run by a config; what the caller of a method says comes first. */
export function runOptions<Own extends RunOptions>(config: SidecarConfig, own: Own): Own {
  const options: Own = { ...own };
  const engine = own.engine ?? config.engine;
  if (engine !== undefined) options.engine = engine;
  // Without fallback, auto means: the engine that is there now, and no other.
  if (config.fallback === false) options.engine = tandemHost().select(engine).engine;
  if (own.workers === undefined && config.maxWorkers !== undefined) options.workers = config.maxWorkers;
  if (own.timeout === undefined && config.timeout !== undefined) options.timeout = config.timeout;
  return options;
}
