import type { BatchSource, RunContext } from '@tandem/engine';
import { type NativeAddon, NativeSource, type RowBatch } from '@tandem/native';
import type { ScanRequest } from '../engines/requests.ts';

/**
 * A pass of the addon. Its errors and rejections have the form `ERR_TANDEM_X: {json}`, and the engine layer
 * converts them to a TandemError; any other error is a failure of the engine.
 */
export function scanNatively(
  addon: NativeAddon,
  request: ScanRequest,
  context: RunContext,
): BatchSource<RowBatch> {
  const { root, list, ...flat } = request;
  const scan = addon.scan({
    ...flat,
    root: rawBytes(root),
    list: list === null ? null : list.map(rawBytes),
    workers: context.workers,
  });
  return new NativeSource(scan);
}

/** The addon takes names as bytes. */
function rawBytes(name: string): Buffer {
  return Buffer.from(name, 'latin1');
}
