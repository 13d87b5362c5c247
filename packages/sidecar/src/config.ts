import type { EnginePreference, RunOptions } from '@tandem/engine';
import { tandemHost } from '@tandem/job';

/** How a SidecarManager works; every field has a default. */
export interface SidecarConfig {
  /** Otherwise TANDEM_ENGINE, otherwise 'auto'. */
  readonly engine?: EnginePreference;
  /** Threads; otherwise TANDEM_WORKERS, otherwise as many as the machine has. */
  readonly maxWorkers?: number;
  /** Seconds for a whole run; otherwise TANDEM_TIMEOUT, otherwise no limit. */
  readonly timeout?: number;
  /**
   * Continue in TypeScript if the native engine fails. True by default; false makes such a failure an error.
   */
  readonly fallback?: boolean;
}

/** The options of one run under a config; the method's own options take precedence. */
export function runOptions<Own extends RunOptions>(config: SidecarConfig, own: Own): Own {
  const options: Own = { ...own };
  const engine = own.engine ?? config.engine;
  if (engine !== undefined) options.engine = engine;
  // Without fallback, auto means the engine that is available now, and no other.
  if (config.fallback === false) options.engine = tandemHost().select(engine).engine;
  if (own.workers === undefined && config.maxWorkers !== undefined) options.workers = config.maxWorkers;
  if (own.timeout === undefined && config.timeout !== undefined) options.timeout = config.timeout;
  return options;
}
