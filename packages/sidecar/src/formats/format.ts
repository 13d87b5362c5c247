/** The three forms a sidecar is stored in, named as on the command line. */
export type SidecarFormat = 'json' | 'bin' | 'rkyv';

/** What a file holds, by its content: `legacy` is the older tool's form (u64 length and JSON), in .bin and .rkyv both. */
export type StoredFormat = SidecarFormat | 'legacy';

/** The formats, in the order messages list them. */
export const FORMATS: readonly SidecarFormat[] = ['json', 'bin', 'rkyv'];
