import type { FolderListing } from '../walk/read-folder.ts';
import type { FolderCounts, ImageLink } from '../walk/walk-batch.ts';
import { FolderPairs } from './folder-pairs.ts';
import { describeLink, isCoveredAtTarget } from './image-links.ts';

/** Provides the rows with information about the images of one folder. */
export class PairedFolder {
  readonly #listing: FolderListing;
  readonly #prefix: string;
  readonly #pairs: FolderPairs;

  /** @param prefix the raw path of the folder, with a trailing slash */
  constructor(listing: FolderListing, prefix: string) {
    this.#listing = listing;
    this.#prefix = prefix;
    this.#pairs = new FolderPairs(listing.images, listing.unknown);
  }

  /** The images of sidecars in the same order, joined by '/'; '' if none has one. */
  imagesOf(sidecars: readonly string[]): string {
    let any = false;
    const images = sidecars.map((sidecar) => {
      const image = this.#pairs.imageOf(sidecar);
      any ||= image !== null;
      return image ?? '';
    });
    return any ? images.join('/') : '';
  }

  /**
   * For each of these sidecars `1` if it has no image and a file beside it may be one, otherwise `0`; '' if
   * all are `0`.
   */
  uncertain(sidecars: readonly string[]): string {
    if (this.#listing.unknown.length === 0) return '';
    const flags = sidecars.map((sidecar) =>
      this.#pairs.imageOf(sidecar) === null && this.#pairs.mayHaveImage(sidecar) ? '1' : '0',
    );
    return flags.includes('1') ? flags.join('') : '';
  }

  /** The joined images that are links. */
  linksOf(images: string): ImageLink[] {
    const { imageLinks } = this.#listing;
    if (imageLinks.size === 0) return [];
    const links: ImageLink[] = [];
    for (const image of new Set(images.split('/'))) {
      const broken = imageLinks.get(image);
      if (broken !== undefined) links.push(describeLink(this.#prefix, image, broken));
    }
    return links;
  }

  /** Adds the images of the folder to the counts. */
  count(counts: FolderCounts): void {
    const { images, imageLinks, candidates } = this.#listing;
    const covered = this.#pairs.covered(candidates);
    counts.images += images.length;
    counts.covered += covered.size;
    for (const [name, broken] of imageLinks) {
      counts.symlinks += 1;
      if (broken) counts.brokenSymlinks += 1;
      else if (!covered.has(name) && isCoveredAtTarget(this.#prefix, name)) counts.covered += 1;
    }
  }
}
