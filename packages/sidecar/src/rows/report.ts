import type { Fault } from '@tandem/files';
import type { FoundFile } from '../scan/document-reader.ts';
import type { FolderCounts, ImageLink } from '../walk/walk-batch.ts';
import type { PathTexts } from './path-text.ts';

/** One file to be examined. */
export interface Candidate extends FoundFile {
  readonly paths: PathTexts;
  /** The raw path of its folder relative to the root; '' or with a trailing slash. */
  readonly folder: string;
  /** The raw name of its image, or ''. */
  readonly image: string;
  /** Null if the image is not a link. */
  readonly imageLink: ImageLink | null;
  /** Whether a file of the same name beside it may be its image. */
  readonly isUncertain: boolean;
  /** Whether it is unknown which images are beside it. */
  readonly imagesUnknown: boolean;
}

/** Writes the rows of one kind of report and sums up one batch; spec/sidecar/reports.md. */
export interface Report {
  /** Examines a file and writes its row, if it has one. */
  file(candidate: Candidate): void;
  /** Writes the row of a folder that could not be walked. `name` is relative to `paths`. */
  folder(paths: PathTexts, name: string, fault: Fault): void;
  /** Items of the batch so far. */
  readonly items: number;
  /** The totals of the batch as JSON; resets them. */
  takeTotals(counts: FolderCounts): string;
}

/** The options of a report. */
export interface ReportOptions {
  /** Only this operation (snake_case), or '' for all. */
  readonly operation: string;
  /** export: the document itself in each row. */
  readonly withDocument: boolean;
  /** export: csv instead of JSON. */
  readonly csv: boolean;
  /** The raw path of the root with a trailing slash; '' for a list. */
  readonly rootPrefix: string;
}
