/** The three formats in which a sidecar is stored, named as on the command line. */
export type SidecarFormat = 'json' | 'bin' | 'rkyv';

/**
 * The format of a file by its content: `legacy` is the older tool's form (u64 length and JSON), in .bin and
 * .rkyv files alike.
 */
export type StoredFormat = SidecarFormat | 'legacy';

/** The order in which the older tool preferred the formats of one image; 0 is the first choice. */
export const PREFERENCE: Readonly<Record<SidecarFormat, number>> = { json: 2, bin: 0, rkyv: 1 };

/** The formats, in the order messages list them. */
export const FORMATS: readonly SidecarFormat[] = Object.keys(PREFERENCE) as SidecarFormat[];

/** Whether a file with a name of this format may be in the older tool's form. */
export function mayBeLegacy(format: SidecarFormat): boolean {
  return format === 'bin' || format === 'rkyv';
}
