import type { BatchSource, RunContext } from '@tandem/engine';
import { type NativeAddon, NativeSource, type RowBatch } from '@tandem/native';
import type { JoinRequest } from './join-request.ts';

/**
 * Passes the request to the addon, with all names and all texts in one buffer each, because ten thousand
 * buffers cost more than the join.
 */
export function joinNatively(
  addon: NativeAddon,
  request: JoinRequest,
  { workers }: RunContext,
): BatchSource<RowBatch> {
  const { paths, labels, pieces } = request;
  return new NativeSource(
    addon.join({
      ...request,
      paths: ended(paths, 'latin1'),
      labels: ended(labels, 'utf8'),
      pieces: pieces.map((piece) => Buffer.from(piece)),
      workers,
    }),
    String(paths.length),
  );
}

function ended(texts: readonly string[], encoding: 'latin1' | 'utf8'): Buffer {
  return Buffer.from(texts.length === 0 ? '' : `${texts.join('\0')}\0`, encoding);
}
