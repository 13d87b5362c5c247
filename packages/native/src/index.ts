export { type AddonPlaces, addonDescriptor, describeAddon } from './addon-descriptor.ts';
export {
  ABI,
  type NativeAddon,
  type NativeBatch,
  type NativeFault,
  type NativeJoinRequest,
  type NativeScanRequest,
  type NativeStaged,
  type NativeStageRequest,
  type NativeStream,
} from './generated/native-addon.ts';
export { NativeSource, type RowBatch } from './native-source.ts';
export { currentPlatform, type Platform, platformTriple } from './triple.ts';
export { VARIABLES } from './variables.ts';
