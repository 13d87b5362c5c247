/** The three formats in which a sidecar is stored, named as on the command line. */
export type SidecarFormat = 'json' | 'bin' | 'rkyv';

/**
 * The format of a file by its content: `legacy` is the older tool's form (u64 length and JSON), in .bin and
 * .rkyv files alike.
 */
export type StoredFormat = SidecarFormat | 'legacy';

/** The formats, in the order messages list them. */
export const FORMATS: readonly SidecarFormat[] = ['json', 'bin', 'rkyv'];
