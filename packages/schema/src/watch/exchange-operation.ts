import type { CallOperation } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';

/** Raw paths of two files. */
export interface ExchangeRequest {
  readonly one: string;
  readonly other: string;
}

/**
 * Swaps the names of two files at once, where the system can; else nothing is done and it says so. Node knows no call for it. A rename over
 * another file makes ext4 write out the new one at once (auto_da_alloc): a third of the time of a rebuild of 20 MB.
 */
export const exchangeOperation: CallOperation<ExchangeRequest, boolean, NativeAddon> = {
  name: 'files.exchange',
  native: (addon, { one, other }) => addon.exchange(Buffer.from(one, 'latin1'), Buffer.from(other, 'latin1')),
  typescript: () => false,
  size: () => 0,
  breakEven: 0,
};
