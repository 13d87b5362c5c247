import { performance } from 'node:perf_hooks';
import type { AddonDescriptor } from './addon.ts';
import type { Batch } from './batch.ts';
import { BatchRun } from './batch-run.ts';
import type { BatchStream } from './batch-stream.ts';
import {
  type Calibration,
  type CalibrationInfo,
  calibratedBreakEven,
  calibrationKey,
  calibrationPath,
  readCalibration,
} from './calibration.ts';
import { chooseEngine } from './choose-engine.ts';
import { domainError } from './engine-failure.ts';
import { announceFallback } from './fallback-event.ts';
import { type LoadResult, loadAddon } from './load-addon.ts';
import { Metrics, type OperationInfo } from './metrics.ts';
import type { CallOperation, StreamOperation } from './operation.ts';
import type { RunOptions } from './run-options.ts';
import { currentRuntime, type Runtime } from './runtime.ts';
import type { EngineName, EnginePreference, Selection } from './selection.ts';
import { Settings } from './settings.ts';
import { TandemError } from './tandem-error.ts';
import { oneLine } from './words.ts';
import { WorkerPools } from './worker-pools.ts';

/** What a host has done so far. */
export interface PerformanceInfo {
  /**
   * The engine with which a run without options would begin; null if 'native' was requested explicitly and is
   * not available.
   */
  readonly engine: EngineName | null;
  readonly reason: string;
  /** Threads of a run without options. */
  readonly workers: number;
  readonly operations: Readonly<Record<string, OperationInfo>>;
  readonly calibration: CalibrationInfo;
}

/** Options of a host; all have defaults. */
export interface EngineHostOptions {
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** The process in which the host runs; tests supply their own. */
  readonly runtime?: Runtime;
  /** The file with the break-evens; null for none. Default: the one in the user's configuration folder. */
  readonly calibrationFile?: string | null;
}

/**
 * One addon and its operations: chooses the engine, runs the operations, continues in TypeScript when the
 * native engine fails, and measures. Nothing is loaded before it is needed. One host per library is enough,
 * and it may live as long as the process.
 */
export class EngineHost<Addon extends { abiVersion(): number }> {
  readonly descriptor: AddonDescriptor<Addon>;
  /** The calibration file of this host, or null if there is no folder for one. */
  readonly calibrationFile: string | null;
  readonly #settings: Settings;
  readonly #runtime: Runtime;
  readonly #pool = new WorkerPools();
  readonly #metrics = new Metrics();
  readonly #selections = new Map<EnginePreference, Selection>();
  #loaded: LoadResult<Addon> | null = null;
  #calibration: Calibration | null = null;

  constructor(descriptor: AddonDescriptor<Addon>, options: EngineHostOptions = {}) {
    this.descriptor = descriptor;
    const env = options.env ?? process.env;
    this.#settings = new Settings(descriptor.variables, env);
    this.#runtime = options.runtime ?? currentRuntime();
    this.calibrationFile =
      options.calibrationFile === undefined ? calibrationPath(env) : options.calibrationFile;
  }

  /**
   * The engine for a preference, else for the descriptor's variable, else for 'auto'; looks for the addon when one is
   * first wanted. Throws ERR_TANDEM_BAD_OPTION, and ERR_TANDEM_NATIVE_UNAVAILABLE if 'native' is not
   * available.
   */
  select(preference?: EnginePreference): Selection {
    const wanted = this.#settings.engine(preference);
    let selection = this.#selections.get(wanted);
    if (selection === undefined) {
      selection = chooseEngine(wanted, this.descriptor, this.#runtime, () => this.#load());
      this.#selections.set(wanted, selection);
    }
    return selection;
  }

  /**
   * Begins a run of a long operation; throws what select() throws, and ERR_TANDEM_BAD_OPTION for other
   * options.
   */
  stream<Request, B extends Batch>(
    operation: StreamOperation<Request, B, Addon>,
    request: Request,
    options: RunOptions = {},
  ): BatchStream<B> {
    const selection = this.select(options.engine);
    return new BatchRun({
      descriptor: this.descriptor,
      operation,
      request,
      selection,
      addon: selection.engine === 'native' ? this.#load().addon : null,
      mayFallBack: this.#settings.engine(options.engine) === 'auto',
      workers: this.#settings.workers(options.workers),
      pool: this.#pool,
      seconds: this.#settings.timeout(options.timeout),
      options,
      metrics: this.#metrics.of(operation.name),
    });
  }

  /**
   * Runs a short operation. Below its break-even 'auto' stays in TypeScript, without looking for the addon.
   * Throws what the operation throws, what select() throws, and ERR_TANDEM_ENGINE_FAILED if the native engine
   * was requested explicitly and failed.
   */
  call<Request, Result>(
    operation: CallOperation<Request, Result, Addon>,
    request: Request,
    options: RunOptions = {},
  ): Result {
    if (options.signal?.aborted)
      throw new TandemError('ERR_TANDEM_ABORTED', { cause: options.signal.reason });
    const preference = this.#settings.engine(options.engine);
    const metrics = this.#metrics.of(operation.name);
    const size = operation.size(request);
    const measured = (engine: EngineName, work: () => Result): Result => {
      const began = performance.now();
      const result = work();
      metrics.record(engine, performance.now() - began, 1, size);
      return result;
    };
    const typescript = (): Result => measured('typescript', () => operation.typescript(request));

    const small = preference === 'auto' && size < this.#breakEven(operation);
    const engine = small ? 'typescript' : this.select(preference).engine;
    const addon = engine === 'native' ? this.#load().addon : null;
    metrics.begin(engine);
    if (addon === null) return typescript();
    try {
      return measured('native', () => operation.native(addon, request));
    } catch (error) {
      const answer = domainError(error, this.descriptor);
      if (answer !== null) throw answer;
      const reason = oneLine(error);
      if (preference === 'native') {
        throw new TandemError('ERR_TANDEM_ENGINE_FAILED', { params: { reason }, cause: error });
      }
      const at = { addon: this.descriptor.name, operation: operation.name, batch: 0, cursor: '' };
      announceFallback({ ...at, reason, cause: error }, metrics, options);
      return typescript();
    }
  }

  /**
   * The time limit, seconds, for work that needs no engine, by the same settings; undefined for no limit.
   * Throws ERR_TANDEM_BAD_OPTION.
   */
  timeout(option?: number): number | undefined {
    return this.#settings.timeout(option);
  }

  /**
   * What this host has done so far; throws ERR_TANDEM_BAD_OPTION if the environment has an impossible value.
   */
  performanceInfo(): PerformanceInfo {
    return {
      ...this.#chosen(),
      workers: this.#settings.workers(undefined),
      operations: this.#metrics.report(),
      calibration: this.#calibrated().info,
    };
  }

  /** Ends the worker threads after their running tasks. The host can be used again afterwards. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Reads the calibration file again on next use, because it was written. */
  forgetCalibration(): void {
    this.#calibration = null;
  }

  #load(): LoadResult<Addon> {
    this.#loaded ??= loadAddon(this.descriptor);
    return this.#loaded;
  }

  #calibrated(): Calibration {
    this.#calibration ??= readCalibration(this.calibrationFile);
    return this.#calibration;
  }

  #breakEven<Request, Result>(operation: CallOperation<Request, Result, Addon>): number {
    const key = calibrationKey(this.descriptor.name, this.descriptor.abi);
    return calibratedBreakEven(this.#calibrated(), key, operation.name) ?? operation.breakEven;
  }

  #chosen(): Pick<PerformanceInfo, 'engine' | 'reason'> {
    try {
      const { engine, reason } = this.select();
      return { engine, reason };
    } catch (error) {
      if (!(error instanceof TandemError) || error.code !== 'ERR_TANDEM_NATIVE_UNAVAILABLE') throw error;
      return { engine: null, reason: error.message };
    }
  }
}
