import { performance } from 'node:perf_hooks';
import {
  type CalibratedOperation,
  calibrationKey,
  mergedCalibration,
  readCalibration,
} from './calibration.ts';
import { EngineHost } from './engine-host.ts';
import type { CallOperation } from './operation.ts';
import type { EngineName } from './selection.ts';
import { TandemError } from './tandem-error.ts';

/** An operation to measure, and how to make input for it. */
export interface CalibrationCase<Request, Result, Addon> {
  readonly operation: CallOperation<Request, Result, Addon>;
  /** A request whose `size` is about `bytes`. */
  request(bytes: number): Request;
  /** Sizes to measure, bytes, ascending; default: powers of 4 from 16 to 1 MiB. */
  readonly sizes?: readonly number[];
}

/** What calibrate() measured. The caller saves it: `text` is the whole content of `file`. */
export interface CalibrationReport {
  readonly file: string;
  /** With the measurements of other addons and versions of Node that the file held. */
  readonly text: string;
  readonly operations: Readonly<Record<string, CalibratedOperation>>;
}

const SIZES = [16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];
const ROUNDS = 7;
const ROUND_MS = 4;

/**
 * Measures both engines over sizes on this machine. A host uses the break-evens after the caller has saved the
 * report and called `host.forgetCalibration()`. A case takes about 60 ms per size. Metrics of the host are not
 * changed. Throws ERR_TANDEM_NATIVE_UNAVAILABLE if there is no native engine to measure,
 * ERR_TANDEM_BAD_ARGUMENT if there is no file to save to or the file holds something else, and what an
 * operation throws.
 *
 * @param file a file other than the host's
 */
export function calibrate<Addon extends { abiVersion(): number }>(
  host: EngineHost<Addon>,
  cases: readonly CalibrationCase<unknown, unknown, Addon>[],
  file: string | null = host.calibrationFile,
): CalibrationReport {
  if (file === null) throw refusal('no configuration folder', 'name a file, or set XDG_CONFIG_HOME');
  const before = readCalibration(file);
  if (before.info.state === 'ignored')
    throw refusal(`${file} cannot be read: ${before.info.reason}`, 'remove it, or name another file');
  const { descriptor } = host;
  // A separate host, so that these measurements do not appear in the metrics of the one in use.
  const bench = new EngineHost(descriptor);
  const operations: Record<string, CalibratedOperation> = {};
  for (const { operation, request, sizes = SIZES } of cases) {
    const measured = sizes.map((bytes) => {
      const input = request(bytes);
      const time = measure({
        native: () => bench.call(operation, input, { engine: 'native' }),
        typescript: () => bench.call(operation, input, { engine: 'typescript' }),
      });
      return { size: operation.size(input), ...time };
    });
    operations[operation.name] = { breakEven: breakEven(measured), measured };
  }
  const content = mergedCalibration(before, calibrationKey(descriptor.name, descriptor.abi), operations);
  return { file, text: `${JSON.stringify(content, null, 2)}\n`, operations };
}

function refusal(problem: string, cure: string): TandemError {
  return new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params: { problem, cure } });
}

/** The smallest size from which the native engine was faster at every measured size; null for none. */
export function breakEven(measured: CalibratedOperation['measured']): number | null {
  const slower = measured.findLastIndex(({ native, typescript }) => native >= typescript);
  return measured[slower + 1]?.size ?? null;
}

/**
 * Milliseconds per call: the fastest of several alternating rounds, because every disturbance only adds time.
 */
function measure(work: Record<EngineName, () => unknown>): Record<EngineName, number> {
  const best = { native: Number.POSITIVE_INFINITY, typescript: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const engine of ['native', 'typescript'] as const)
      best[engine] = Math.min(best[engine], time(work[engine]));
  }
  return best;
}

function time(work: () => unknown): number {
  const began = performance.now();
  let calls = 0;
  let now = began;
  do {
    work();
    calls += 1;
    now = performance.now();
  } while (now - began < ROUND_MS);
  return (now - began) / calls;
}
