import { stemOf } from '@tandem/files';
import { foldKey } from './fold.ts';

/**
 * The images of one folder by the names of their sidecars: the image's name with its extension replaced
 * (`IMG.jpg`, `IMG.json`) or with one added (`IMG.jpg.json`).
 */
export class FolderPairs {
  readonly #images: readonly string[];
  readonly #unknown: readonly string[];
  readonly #exact = new Map<string, string>();
  #folded: Map<string, string> | null = null;
  #unknownKeys: Set<string> | null = null;

  /**
   * @param images sorted by bytes
   * @param unknown files that may or may not be images
   */
  constructor(images: readonly string[], unknown: readonly string[] = []) {
    this.#images = images;
    this.#unknown = unknown;
    addKeys(this.#exact, images, (key) => key);
  }

  /**
   * The image that a sidecar belongs to, or null. A name that is the same byte for byte takes precedence over
   * one that is the same when folded; among several images, the first by bytes is taken.
   */
  imageOf(sidecar: string): string | null {
    const key = stemOf(sidecar);
    return this.#exact.get(key) ?? this.#byFold().get(foldKey(key)) ?? null;
  }

  /** Whether a file that may be its image has the folded name that an image would have. */
  mayHaveImage(sidecar: string): boolean {
    if (this.#unknown.length === 0) return false;
    this.#unknownKeys ??= new Set(this.#unknown.flatMap((name) => [foldKey(name), foldKey(stemOf(name))]));
    return this.#unknownKeys.has(foldKey(stemOf(sidecar)));
  }

  /** The images that have a sidecar, compared by exact and by folded names. */
  covered(sidecars: readonly string[]): ReadonlySet<string> {
    const exact = new Set<string>();
    for (const sidecar of sidecars) exact.add(stemOf(sidecar));
    const isCovered = (keys: ReadonlySet<string>, fold: (key: string) => string) => (image: string) =>
      keys.has(fold(image)) || keys.has(fold(stemOf(image)));

    const covered = new Set(this.#images.filter(isCovered(exact, (key) => key)));
    if (covered.size === this.#images.length || exact.size === 0) return covered;
    // Folding is slower, and in most folders every image has been found by now.
    const folded = new Set(Array.from(exact, foldKey));
    const byFold = isCovered(folded, foldKey);
    for (const image of this.#images) if (!covered.has(image) && byFold(image)) covered.add(image);
    return covered;
  }

  #byFold(): ReadonlyMap<string, string> {
    if (this.#folded === null) {
      this.#folded = new Map();
      addKeys(this.#folded, this.#images, foldKey);
    }
    return this.#folded;
  }
}

function addKeys(keys: Map<string, string>, images: readonly string[], fold: (key: string) => string): void {
  for (const image of images) {
    addFirst(keys, fold(image), image);
    addFirst(keys, fold(stemOf(image)), image);
  }
}

function addFirst(keys: Map<string, string>, key: string, image: string): void {
  if (!keys.has(key)) keys.set(key, image);
}
