import { extensionOf } from '@tandem/files';
import {
  COMPANION_EXTENSIONS,
  type ExtensionFormat,
  IMAGE_EXTENSIONS,
  SIDECAR_EXTENSIONS,
} from '../generated/extensions.ts';

/**
 * What a name is by its extension (spec/sidecar/extensions.json), in any ASCII case. `unknown` is in no table and may be an image;
 * `other` is known not to be one.
 */
export type NameClass = 'candidate' | 'image' | 'unknown' | 'other';

interface KnownExtension {
  readonly names: NameClass;
  /** What a sidecar's name promises. */
  readonly format: ExtensionFormat | null;
}

/** Spellings met so far. A folder's names share a few extensions, and lowering each of them is what would cost. */
const known = new Map<string, KnownExtension>();
const MOST_KNOWN = 1024;

export function classOf(name: string): NameClass {
  return knownExtension(name).names;
}

/** What the name of a sidecar promises; one that is listed by its user and promises nothing is taken for JSON. */
export function promisedBy(name: string): ExtensionFormat {
  return knownExtension(name).format ?? 'json';
}

/** Why a name is passed over whatever it stands for, or null; walk.md. `@eaDir` is for folders only. */
export function passedOver(name: string, isFolder: boolean): 'system' | 'scratch' | null {
  const first = name.charCodeAt(0);
  if (first === DOT) {
    if (name.startsWith('._') || name === '.DS_Store') return 'system';
    return name.startsWith('.tandem-') ? 'scratch' : null;
  }
  return isFolder && name === '@eaDir' ? 'system' : null;
}

const DOT = 0x2e;

/** Only the letters A to Z, as the comparison is of ASCII case. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function knownExtension(name: string): KnownExtension {
  const extension = extensionOf(name);
  return known.get(extension) ?? learn(extension);
}

function learn(extension: string): KnownExtension {
  const lower = lowerAscii(extension);
  const format = SIDECAR_EXTENSIONS.get(lower) ?? null;
  const names = format === null ? classOfOther(lower) : 'candidate';
  // Names are a stranger's: there may be as many extensions as files.
  if (known.size >= MOST_KNOWN) known.clear();
  const found: KnownExtension = { names, format };
  known.set(extension, found);
  return found;
}

function classOfOther(extension: string): NameClass {
  if (IMAGE_EXTENSIONS.has(extension)) return 'image';
  return COMPANION_EXTENSIONS.has(extension) ? 'other' : 'unknown';
}
