import { TandemError } from '@tandem/engine';
import { stemOf } from '@tandem/files';
import type { SidecarFormat } from '../generated/formats.ts';
import type { InspectorLimits } from '../inspect.ts';
import { ownershipOf } from '../ownership.ts';
import { foldKey } from '../pairing/fold.ts';
import type { ImagePlace } from './image-sidecars.ts';
import { readWhole } from './read-whole.ts';
import { openDocument } from './splice.ts';

/**
 * The sidecars of an image, and documents of other programs that have the name of one: spec/sidecar/save.md,
 * "Which file".
 */
export interface ByOwner {
  readonly own: readonly string[];
  readonly foreign: readonly string[];
}

/**
 * Nothing is ever saved into another program's document. A file that cannot be read counts as a sidecar, so
 * that the caller of a save receives its error.
 */
export function byOwner(paths: readonly string[], limits: InspectorLimits): ByOwner {
  const foreign = paths.filter((path) => isForeign(path, limits));
  return { own: paths.filter((path) => !foreign.includes(path)), foreign };
}

function isForeign(path: string, limits: InspectorLimits): boolean {
  try {
    const { format, tape } = openDocument(readWhole(path, limits.maxSize), limits);
    return format === 'json' && tape.isObject(0) && ownershipOf(tape).foreign !== null;
  } catch (error) {
    if (error instanceof TandemError) return false;
    throw error;
  }
}

/**
 * The name of a new sidecar. If another program's document has it, the name that belongs to this image alone.
 */
export function freeName(place: ImagePlace, format: SidecarFormat, foreign: readonly string[]): string {
  const name = newName(place, format);
  const isTaken = foreign.some((path) => foldKey(path) === foldKey(name));
  return isTaken ? `${place.folder}${place.name}.${format}` : name;
}

export function newName({ folder, name }: ImagePlace, format: SidecarFormat): string {
  return `${folder}${stemOf(name)}.${format}`;
}
