import type { CallOperation, ErrorCode } from '@tandem/engine';
import { type Likeness, type MakeLike, makeLike } from '@tandem/files';
import type { NativeAddon } from '@tandem/native';
import { tandemHost } from './host.ts';

/** One call of the addon; without it a process has to be started. */
const keepAccessOperation: CallOperation<Likeness, ErrorCode | null, NativeAddon> = {
  name: 'files.keepAccess',
  native: (addon, { from, to }) =>
    addon.makeLike(Buffer.from(from, 'latin1'), Buffer.from(to, 'latin1'), false) as ErrorCode | null,
  typescript: (pair) => makeLike([pair], false)[0] ?? null,
  size: () => 0,
  breakEven: 0,
};

/** Copies owner, permissions, ACL and extended attributes of a document to the one that replaces it. */
export const keepAccess: MakeLike = (pairs) =>
  pairs.map((pair) => tandemHost().call(keepAccessOperation, pair));
