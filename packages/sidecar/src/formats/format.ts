import type { FormatReport } from '../generated/reports.ts';

/** The three formats in which a sidecar is stored, named as on the command line. */
export type SidecarFormat = 'json' | 'bin' | 'rkyv';

/**
 * The format of a file by its content: `legacy` is the older tool's form (u64 length and JSON), in .bin and
 * .rkyv files alike.
 */
export type StoredFormat = SidecarFormat | 'legacy';

/** What the older tool made of each format. */
interface FormatFacts {
  /** Its name in reports. */
  readonly label: keyof FormatReport['format_distribution'];
  /** Its place in the order in which the formats of one image were preferred; 0 is the first choice. */
  readonly preference: number;
}

/** In the order in which messages list the formats. */
export const FORMAT_FACTS: Readonly<Record<SidecarFormat, FormatFacts>> = {
  json: { label: 'Json', preference: 2 },
  bin: { label: 'Binary', preference: 0 },
  rkyv: { label: 'Rkyv', preference: 1 },
};

export const FORMATS: readonly SidecarFormat[] = Object.keys(FORMAT_FACTS) as SidecarFormat[];

/** Whether a file with a name of this format may be in the older tool's form. */
export function mayBeLegacy(format: SidecarFormat): boolean {
  return format === 'bin' || format === 'rkyv';
}
