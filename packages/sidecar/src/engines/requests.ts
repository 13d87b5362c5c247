import type { NativeScanRequest } from '@tandem/native';
import type { SidecarFormat } from '../generated/formats.ts';

/** The kind of rows that a scan writes; each is specified in spec/sidecar/reports.md. */
export type ScanReport = NativeScanRequest['report'];

/**
 * A read-only pass over a tree or a list of files, with raw names in latin1. The RunContext contains the
 * number of threads.
 */
export interface ScanRequest extends Omit<NativeScanRequest, 'root' | 'list' | 'workers'> {
  readonly root: string;
  readonly list: readonly string[] | null;
}

/**
 * A writing pass over a tree: spec/sidecar/convert.md. The caller holds the lock and chooses the journal's
 * name.
 */
export interface ConvertRequest {
  readonly root: string;
  readonly operation: string;
  readonly to: SidecarFormat;
  /** Write the older tool's form into .bin or .rkyv. */
  readonly legacyLayout: boolean;
  readonly keep: boolean;
  readonly dryRun: boolean;
  /** Omit every sync. */
  readonly volatile: boolean;
  readonly separator: ',\n' | '\n';
  readonly maxSize: number;
  readonly maxDepth: number;
  /** Names the staged files of this run: `newRun` of @tandem/files. */
  readonly run: string;
  /** Raw path of the journal, latin1; '' in a dry run, which writes nothing at all. */
  readonly journal: string;
  readonly after: string;
}

/** The format of a convert during which sidecars may exist twice; null if both files are to be kept. */
export function unfinishedBy({ keep, to }: Pick<ConvertRequest, 'keep' | 'to'>): ConvertRequest['to'] | null {
  return keep ? null : to;
}

/**
 * Whether it finishes what an interrupted convert left in the folders that it passes through: it converts all
 * sidecars, and keeps no sources.
 */
export function finishesOthers({ keep, operation }: Pick<ConvertRequest, 'keep' | 'operation'>): boolean {
  return !keep && operation === '';
}
