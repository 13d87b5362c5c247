import type { BatchSource, RunContext } from '@tandem/engine';
import { type NativeAddon, NativeSource, type RowBatch } from '@tandem/native';
import type { ConvertRequest } from '../engines/requests.ts';

/** A convert of the addon, which behaves as its scan does: scan/native-scan.ts. */
export function convertNatively(
  addon: NativeAddon,
  request: ConvertRequest,
  context: RunContext,
): BatchSource<RowBatch> {
  const root = Buffer.from(request.root, 'latin1');
  const journal = Buffer.from(request.journal, 'latin1');
  return new NativeSource(addon.convert({ ...request, root, journal, workers: context.workers }));
}
