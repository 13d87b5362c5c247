export { ABI } from './abi.ts';
export { type AddonPlaces, addonDescriptor, describeAddon } from './addon-descriptor.ts';
export type {
  NativeAddon,
  NativeBatch,
  NativeConvertRequest,
  NativeScan,
  NativeScanRequest,
} from './native-addon.ts';
export { currentPlatform, type Platform, platformTriple } from './triple.ts';
