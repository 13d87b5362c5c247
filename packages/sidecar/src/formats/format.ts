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
  /** Whether a file of this name may be in the older tool's form. */
  readonly mayBeLegacy: boolean;
  /** Its place in the order in which the formats of one image were preferred; 0 is the first choice. */
  readonly preference: number;
}

/** In the order in which messages list the formats. */
export const FORMAT_FACTS: Readonly<Record<SidecarFormat, FormatFacts>> = {
  json: { label: 'Json', mayBeLegacy: false, preference: 2 },
  bin: { label: 'Binary', mayBeLegacy: true, preference: 0 },
  rkyv: { label: 'Rkyv', mayBeLegacy: true, preference: 1 },
};

export const FORMATS: readonly SidecarFormat[] = Object.keys(FORMAT_FACTS) as SidecarFormat[];
