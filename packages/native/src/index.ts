export { ABI } from './abi.ts';
export { type AddonPlaces, addonDescriptor, describeAddon } from './addon-descriptor.ts';
export type {
  NativeAddon,
  NativeBatch,
  NativeFault,
  NativeJoinRequest,
  NativeScanRequest,
  NativeStaged,
  NativeStageRequest,
  NativeStream,
} from './native-addon.ts';
export { NativeSource, type RowBatch } from './native-source.ts';
export { currentPlatform, type Platform, platformTriple } from './triple.ts';
