/** Which rows a scan writes; each is specified in spec/sidecar/reports.md. */
export type ScanReport = 'validate' | 'stats' | 'formats' | 'export' | 'orphans';

/**
 * A read-only pass over a tree or a list of files. Complete and checked: an engine has no defaults of its own.
 * Paths are raw bytes, one byte a character (latin1), so that no name is lost. Threads are told by the RunContext.
 */
export interface ScanRequest {
  readonly report: ScanReport;
  /** The folder as the caller spelt it, without trailing slashes; '' with a list. */
  readonly root: string;
  /** Files instead of a folder, in the order of the rows. */
  readonly list: readonly string[] | null;
  /** Only this operation (snake_case), or '' for all. */
  readonly operation: string;
  /** Add findings that cost a full tape. */
  readonly lint: boolean;
  /** What stands between two rows: ',\n' or '\n'; '\r\n' makes export write csv. */
  readonly separator: ',\n' | '\n' | '\r\n';
  /** export: add the document itself to each row. */
  readonly withDocument: boolean;
  readonly maxSize: number;
  readonly maxDepth: number;
  /** The cursor of the last batch that was handed out, or '' to begin. */
  readonly after: string;
}

/**
 * A writing pass over a tree: spec/sidecar/convert.md. The lock is held and the journal's name is chosen by the caller.
 */
export interface ConvertRequest {
  readonly root: string;
  readonly operation: string;
  readonly to: 'json' | 'bin' | 'rkyv';
  /** Write the older tool's form into .bin or .rkyv. */
  readonly legacyLayout: boolean;
  readonly keep: boolean;
  readonly dryRun: boolean;
  /** Leave out every sync. */
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

/** The format of a convert while sidecars may be there twice; null where both are to stay. */
export function unfinishedBy({ keep, to }: Pick<ConvertRequest, 'keep' | 'to'>): ConvertRequest['to'] | null {
  return keep ? null : to;
}

/** Whether it does what an interrupted convert left in the folders that it comes through: it takes all sidecars, and keeps no sources. */
export function finishesOthers({ keep, operation }: Pick<ConvertRequest, 'keep' | 'operation'>): boolean {
  return !keep && operation === '';
}
