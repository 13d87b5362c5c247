/**
 * The addon as crates/tandem-node exports it. Written by hand; every change here changes the ABI number.
 *
 * A domain error is thrown with its code of spec/error-codes.json as `code`, or, if a promise is rejected, as
 * 'CODE: ' before the message. The message is the filled template, or a JSON object {params, path, offset,
 * line, column} from which TypeScript fills the template. Any other error is a failure of the engine.
 */
export interface NativeAddon {
  abiVersion(): number;
  /** Begins a pass; throws a domain error at once if the request cannot begin. */
  scan(request: NativeScanRequest): NativeStream;
  /**
   * Begins a convert; throws if it cannot begin. TANDEM_STEPS in the environment is a test instrument that
   * acts at each change to the disk: crates/tandem-common/src/durable/instruments.rs.
   */
  convert(request: NativeConvertRequest): NativeStream;
  /**
   * Begins a join; throws a domain error at once if the request cannot begin. TANDEM_MEANWHILE in the
   * environment is a test instrument that changes each file while it is read:
   * crates/tandem-common/src/file/instruments.rs.
   */
  join(request: NativeJoinRequest): NativeStream;
  /**
   * Takes an advisory lock (flock) on an open file, until its descriptor is closed. False if another process
   * has one, null if the system or its file system has none.
   */
  lockFile(descriptor: number): boolean | null;
  /**
   * Gives the file `to` owner, permissions, ACL and extended attributes of the file `from`; raw bytes of
   * their paths. Null on success, else the code of spec/error-codes.json for the failure.
   */
  keepAccess(from: Buffer, to: Buffer): string | null;
}

/** The ScanRequest of the sidecar job, with raw bytes for names. Complete: the addon has no defaults. */
export interface NativeScanRequest {
  readonly report: string;
  /** Raw bytes of the folder's name; empty with a list. */
  readonly root: Buffer;
  /** Raw bytes of each name, in the order of the rows. */
  readonly list: readonly Buffer[] | null;
  /** Only this operation (snake_case), or '' for all. */
  readonly operation: string;
  readonly lint: boolean;
  readonly separator: string;
  readonly withDocument: boolean;
  /** Bytes. */
  readonly maxSize: number;
  readonly maxDepth: number;
  readonly workers: number;
  /** The cursor of the last delivered batch, or '' to begin. */
  readonly after: string;
}

/** The ConvertRequest of the sidecar job, with raw bytes for names. Complete: the addon has no defaults. */
export interface NativeConvertRequest {
  /** Raw bytes of the folder's name. */
  readonly root: Buffer;
  /** Only this operation (snake_case), or '' for all. */
  readonly operation: string;
  readonly to: 'json' | 'bin' | 'rkyv';
  readonly legacyLayout: boolean;
  readonly keep: boolean;
  readonly dryRun: boolean;
  /** Leave out every sync. */
  readonly volatile: boolean;
  readonly separator: string;
  /** Bytes. */
  readonly maxSize: number;
  readonly maxDepth: number;
  /** The run's id: spec/sidecar/locks.md, "Runs". */
  readonly run: string;
  /** The content of the locks of folders: spec/sidecar/locks.md; '' in a dry run. */
  readonly lockLine: string;
  /** Raw bytes of the journal's path; empty in a dry run. */
  readonly journal: Buffer;
  /** ''. TypeScript finishes what another engine has begun. */
  readonly after: string;
  readonly workers: number;
  /** Test instrument: panics at this batch; -1 never. */
  readonly failAtBatch: number;
}

/** The JoinRequest of the schema job: spec/schema/join.md. Complete: the addon has no defaults. */
export interface NativeJoinRequest {
  /** Raw bytes of each path, a NUL after each. */
  readonly paths: Buffer;
  /** The label of each path, a NUL after each. */
  readonly labels: Buffer;
  readonly pieces: readonly Buffer[];
  readonly text: boolean;
  readonly lex: boolean;
  readonly lines: boolean;
  readonly digests: boolean;
  readonly definitions: boolean;
  /** The largest size of one file, bytes. */
  readonly maxSize: number;
  readonly workers: number;
  /** The cursor of the last delivered batch, or '' to begin. */
  readonly after: string;
  /** Test instrument: panics at this batch; -1 never. */
  readonly failAtBatch: number;
}

/** A pass that runs on its own threads. */
export interface NativeStream {
  /** The next batch, or null at the end. */
  next(): Promise<NativeBatch | null>;
  /** The next batch if it is ready; null does not mean the end. */
  takeReady(): NativeBatch | null;
  /** Copies the rows of the last batch, UTF-8, to the beginning of `into`, which has room for them. */
  copyRows(into: Buffer): void;
  /** After it, next() returns the work that is already done and then null. */
  cancel(): void;
}

/** Rows and their totals, as spec/sidecar/reports.md specifies. */
export interface NativeBatch {
  /** The number of bytes that copyRows writes. */
  readonly rowBytes: number;
  /** JSON. */
  readonly totals: string;
  readonly cursor: string;
  readonly items: number;
  /** Bytes read. */
  readonly bytes: number;
}
