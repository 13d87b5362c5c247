import { TandemError } from '@tandem/engine';
import { existingPath, folderOf, rootPrefix, shownText, stemOf } from '@tandem/files';
import { FORMAT_FACTS } from '../generated/formats.ts';
import { foldKey } from '../pairing/fold.ts';
import { classOf, promisedBy } from '../walk/name-class.ts';
import { type FolderListing, readFolder } from '../walk/read-folder.ts';

/** An image, and the folder in which its sidecar is looked for and created. Raw paths. */
export interface ImagePlace {
  /** With a trailing slash; '' for the current folder. */
  readonly folder: string;
  readonly name: string;
}

/**
 * The places where the sidecar of an image is looked for: beside the file that a link leads to, then beside
 * the link. A new sidecar is created in the first. An image that does not exist has only its own place.
 * @param image raw path
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT if the name is that of a sidecar
 */
export function placesOf(image: string): readonly [ImagePlace, ...ImagePlace[]] {
  const own = placeOf(image);
  if (own.name === '' || classOf(own.name) === 'candidate') {
    const params = {
      problem: `'${shownText(image)}' is not the path of an image`,
      cure: 'name the image, not its sidecar or folder',
    };
    throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params });
  }
  const target = existingPath(image);
  if (target === null) return [own];
  const at = placeOf(target);
  // Only the last component can make it another image: a folder that is a link leads to the same names.
  return at.name === own.name && sameFolder(at.folder, own.folder) ? [own] : [at, own];
}

/**
 * The sidecars of an image in one folder in order of preference of their formats. Within one format, a name
 * that is the same byte for byte comes before one that is the same when folded, and `IMG.jpg.json`, which
 * belongs to this image alone, before `IMG.json`.
 */
export function sidecarsAt({ folder, name }: ImagePlace, listing: FolderListing): string[] {
  const keys = new Set([name, stemOf(name)]);
  const folded = new Set([foldKey(name), foldKey(stemOf(name))]);
  const others = listing.images.filter((other) => other !== name);
  const isOthers = (key: string) => others.some((other) => other === key || stemOf(other) === key);
  // Two images whose names differ only in case or normalization form share no sidecar by folding: its owner
  // would be ambiguous.
  let hasTwin: boolean | null = null;
  const isAlone = () => {
    hasTwin ??= others.some((other) => foldKey(other) === foldKey(name));
    return !hasTwin;
  };

  const found: { readonly sidecar: string; readonly rank: number }[] = [];
  for (const sidecar of listing.candidates) {
    const key = stemOf(sidecar);
    const exact = keys.has(key);
    if (!exact && !(folded.has(foldKey(key)) && isAlone() && !isOthers(key))) continue;
    const format = FORMAT_FACTS[promisedBy(sidecar)].preference;
    const shared = exact ? key !== name : foldKey(key) !== foldKey(name);
    found.push({ sidecar, rank: format * 4 + (exact ? 0 : 2) + (shared ? 1 : 0) });
  }
  return found.sort((one, other) => one.rank - other.rank).map(({ sidecar }) => folder + sidecar);
}

/** @throws {TandemError} ERR_TANDEM_NOT_FOUND, ERR_TANDEM_FOLDER_UNREADABLE */
export function listPlace({ folder }: ImagePlace): FolderListing {
  const listing = readFolder(folder === '' ? '.' : folder, true);
  if (typeof listing !== 'string') return listing;
  const code = listing === 'unreadable' ? 'ERR_TANDEM_FOLDER_UNREADABLE' : 'ERR_TANDEM_NOT_FOUND';
  throw new TandemError(code, { path: shownText(folder) });
}

function placeOf(path: string): ImagePlace {
  const folder = folderOf(path);
  return { folder, name: path.slice(folder.length) };
}

function sameFolder(real: string, spelled: string): boolean {
  return rootPrefix(existingPath(spelled === '' ? '.' : spelled) ?? '') === real;
}
