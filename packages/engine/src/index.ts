export type { AddonCandidate, AddonDescriptor, LoadFailure } from './addon.ts';
export type { Batch, BatchSource } from './batch.ts';
export type { BatchStream } from './batch-stream.ts';
export { type CalibrationCase, type CalibrationReport, calibrate } from './calibrate.ts';
export type { CalibratedOperation, CalibrationInfo } from './calibration.ts';
export { EngineHost, type EngineHostOptions, type PerformanceInfo } from './engine-host.ts';
export { FALLBACK_CHANNEL, type FallbackEvent } from './fallback-event.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorDefinition,
  type ErrorKind,
} from './generated/error-codes.ts';
export { LIMITS, type Limits } from './generated/limits.ts';
export type { FallbackCount, OperationInfo } from './metrics.ts';
export { moduleUrl } from './module-url.ts';
export { nearest } from './nearest.ts';
export type { CallOperation, RunContext, StreamOperation } from './operation.ts';
export { RunLimits } from './run-limits.ts';
export type { RunOptions } from './run-options.ts';
export type { Runtime } from './runtime.ts';
export type { EngineName, EnginePreference, Selection } from './selection.ts';
export { timeoutSeconds } from './settings.ts';
export {
  type ErrorParams,
  errorHint,
  errorMessage,
  isErrorCode,
  TandemError,
  type TandemErrorJson,
  type TandemErrorOptions,
} from './tandem-error.ts';
export { WITHOUT_WORKERS_CHANNEL, type WithoutWorkersEvent } from './without-workers.ts';
export { causeChain, oneLine } from './words.ts';
export { workerFile } from './worker-file.ts';
export { type PoolRunOptions, WorkerPools } from './worker-pools.ts';
