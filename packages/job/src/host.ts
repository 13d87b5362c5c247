import { EngineHost } from '@tandem/engine';
import { addonDescriptor, type NativeAddon } from '@tandem/native';

let host: EngineHost<NativeAddon> | null = null;

/** The one host of this process: the loaded engine is the only state that is shared. It loads nothing before it is asked. */
export function tandemHost(): EngineHost<NativeAddon> {
  host ??= new EngineHost(addonDescriptor);
  return host;
}
