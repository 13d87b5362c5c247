import type { BatchSource, RunContext } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import type { ConvertRequest, ScanBatch } from '../engines/sidecar-engine.ts';

/** The ConvertRequest as the addon takes it: names as bytes. */
export type NativeConvertRequest = Omit<ConvertRequest, 'root' | 'journal'> & {
  readonly root: Buffer;
  readonly journal: Buffer;
  readonly workers: number;
};

/** What an addon that can convert has beside the rest. */
interface ConvertingAddon {
  convert(request: NativeConvertRequest): BatchSource<ScanBatch>;
}

/**
 * A convert of the addon, which behaves as its scan does. An addon without one is a failure of the engine and not of the run: auto
 * goes on in TypeScript and tells why.
 */
export function convertNatively(
  addon: NativeAddon,
  request: ConvertRequest,
  context: RunContext,
): BatchSource<ScanBatch> {
  if (!canConvert(addon)) throw new Error('this build of the addon has no convert');
  const root = Buffer.from(request.root, 'latin1');
  const journal = Buffer.from(request.journal, 'latin1');
  return addon.convert({ ...request, root, journal, workers: context.workers });
}

function canConvert(addon: object): addon is ConvertingAddon {
  return 'convert' in addon && typeof addon.convert === 'function';
}
