import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AddonCandidate, type AddonDescriptor, moduleUrl } from '@tandem/engine';
import { ABI, type NativeAddon } from './generated/native-addon.ts';
import { platformTriple } from './triple.ts';
import { VARIABLES } from './variables.ts';

/** The facts that determine where to look for the addon. The default is those of this process. */
export interface AddonPlaces {
  readonly env?: NodeJS.ProcessEnv;
  /** Such as linux-x64-gnu. */
  readonly triple?: string;
  /** The base of relative paths. */
  readonly cwd?: string;
}

/** The descriptor of Tandem's addon for an environment and a platform. */
export function describeAddon(places: AddonPlaces = {}): AddonDescriptor<NativeAddon> {
  return {
    name: 'tandem',
    abi: ABI,
    variables: VARIABLES,
    candidates: () => {
      const triple = places.triple ?? platformTriple();
      return [
        ...explicit(places.env ?? process.env, places.cwd ?? process.cwd()),
        checkout(triple),
        platform(triple),
      ];
    },
    cures: [
      "run 'tandem doctor' to see every place that was looked at",
      "in a checkout, install cargo (https://rustup.rs) and run 'npm run build'",
      'name a built addon in TANDEM_NATIVE_PATH',
      'leave the choice to auto, which gives the same answers in TypeScript',
    ],
  };
}

/** Tandem's addon: TANDEM_NATIVE_PATH, a build in this checkout, the package of the platform. */
export const addonDescriptor: AddonDescriptor<NativeAddon> = describeAddon();

function explicit(env: NodeJS.ProcessEnv, cwd: string): AddonCandidate[] {
  const path = env['TANDEM_NATIVE_PATH'];
  if (path) return [{ origin: 'path', specifier: absolute(path, cwd) }];
  const older = env['SPORTBALL_RUST_BINARY_PATH'];
  if (!older) return [];
  const candidate: AddonCandidate = { origin: 'path', specifier: absolute(older, cwd) };
  if (/\.(node|so|dylib|dll)$/.test(older)) return [candidate];
  // The older tool was a separate program. Node cannot load it, and the resulting error would only confuse.
  const refused = `SPORTBALL_RUST_BINARY_PATH names a program and no addon (${older}), so it is passed over`;
  return [{ ...candidate, refused }];
}

function checkout(triple: string): AddonCandidate {
  // One folder above src and dist alike.
  const specifier = fileURLToPath(new URL(`../generated/tandem.${triple}.node`, moduleUrl(import.meta.url)));
  return { origin: 'checkout', specifier };
}

function platform(triple: string): AddonCandidate {
  return { origin: 'package', specifier: `@tandem/native-${triple}`, from: moduleUrl(import.meta.url) };
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
