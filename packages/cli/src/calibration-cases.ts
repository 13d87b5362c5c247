import type { CalibrationCase } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';

/**
 * The operations with a break-even. The sidecar job has none: its runs are streams of batches, which begin on the
 * native engine whenever it is there, because a run over many files repays the 20 us of a native batch at once.
 */
export const CALIBRATION_CASES: readonly CalibrationCase<unknown, unknown, NativeAddon>[] = [];
