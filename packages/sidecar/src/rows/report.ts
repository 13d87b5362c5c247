import type { Fault } from '@tandem/files';
import type { FoundFile } from '../scan/document-reader.ts';
import type { FolderCounts, ImageLink } from '../walk/walk-batch.ts';
import type { PathTexts } from './path-text.ts';

/** One file to look at. */
export interface Candidate extends FoundFile {
  readonly paths: PathTexts;
  /** The raw path of its folder below the root; '' or with a slash at its end. */
  readonly folder: string;
  /** The raw name of its image, or ''. */
  readonly image: string;
  /** Null where the image is no link. */
  readonly imageLink: ImageLink | null;
  /** A file of its name, which nobody knows not to be its image, is beside it. */
  readonly isUncertain: boolean;
  /** Nobody could see which images are beside it. */
  readonly imagesUnknown: boolean;
}

/** Writes the rows of one kind of report and adds up one batch; spec/sidecar/reports.md. */
export interface Report {
  /** Looks at a file and writes its row, where it has one. */
  file(candidate: Candidate): void;
  /** Writes the row of a folder that could not be walked. `name` is relative to `paths`. */
  folder(paths: PathTexts, name: string, fault: Fault): void;
  /** Items of the batch so far. */
  readonly items: number;
  /** The totals of the batch as JSON; begins again. */
  takeTotals(counts: FolderCounts): string;
}

/** What a report may be asked. */
export interface ReportOptions {
  /** Only this operation (snake_case), or '' for all. */
  readonly operation: string;
  /** export: the document itself in each row. */
  readonly withDocument: boolean;
  /** export: csv instead of JSON. */
  readonly csv: boolean;
  /** The raw path of the root with a slash at its end; '' with a list. */
  readonly rootPrefix: string;
}
