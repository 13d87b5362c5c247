import { extensionOf } from '@tandem/files';
import { COMPANION_EXTENSIONS, IMAGE_EXTENSIONS } from '../generated/extensions.ts';
import { FORMATS, type SidecarFormat } from '../generated/formats.ts';

/**
 * The class of a name by its extension (spec/sidecar/extensions.json), in any ASCII case. `unknown` is in no
 * table and may be an image; `other` is known not to be one.
 */
export type NameClass = 'candidate' | 'image' | 'unknown' | 'other';

interface KnownExtension {
  readonly names: NameClass;
  /** The format that the name of a sidecar indicates. */
  readonly format: SidecarFormat | null;
}

/**
 * Extensions seen so far. The names of a folder share a few extensions, and lowercasing each of them would be
 * the main cost.
 */
const known = new Map<string, KnownExtension>();
const MOST_KNOWN = 1024;

export function classOf(name: string): NameClass {
  return knownExtension(name).names;
}

/**
 * The format that the name of a sidecar indicates; a listed file whose name indicates none is assumed to be
 * JSON.
 */
export function promisedBy(name: string): SidecarFormat {
  return knownExtension(name).format ?? 'json';
}

/** Only the letters A to Z, because the comparison ignores ASCII case only. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function knownExtension(name: string): KnownExtension {
  const extension = extensionOf(name);
  return known.get(extension) ?? learn(extension);
}

function learn(extension: string): KnownExtension {
  const lower = lowerAscii(extension);
  const format = FORMATS.find((known) => known === lower) ?? null;
  const names = format === null ? classOfOther(lower) : 'candidate';
  // The names are not under this program's control: there may be as many extensions as files.
  if (known.size >= MOST_KNOWN) known.clear();
  const found: KnownExtension = { names, format };
  known.set(extension, found);
  return found;
}

function classOfOther(extension: string): NameClass {
  if (IMAGE_EXTENSIONS.has(extension)) return 'image';
  return COMPANION_EXTENSIONS.has(extension) ? 'other' : 'unknown';
}
