/**
 * The addon as crates/tandem-node exports it. Written by hand; whatever changes here changes the ABI number.
 *
 * A domain error is thrown with its code of spec/error-codes.json as `code`, or, where a promise is rejected, as
 * 'CODE: ' before the message. The message is the filled template, or a JSON object {params, path, offset, line, column}
 * from which the template is filled here. Anything else that is thrown is a failure of the engine.
 */
export interface NativeAddon {
  abiVersion(): number;
  /** Begins a pass; throws a domain error at once where the request cannot be begun. */
  scan(request: NativeScanRequest): NativeStream;
  /**
   * Begins a convert; throws where it cannot be begun. TANDEM_STEPS in the environment is a test instrument, for what is done with each change to
   * the disk: crates/tandem-common/src/durable/instruments.rs.
   */
  convert(request: NativeConvertRequest): NativeStream;
  /**
   * Begins a join; throws a domain error at once where the request cannot be begun. TANDEM_MEANWHILE in the environment is a test instrument,
   * for what happens to each file while it is read: crates/tandem-common/src/file/instruments.rs.
   */
  join(request: NativeJoinRequest): NativeStream;
  /**
   * Takes an advisory lock (flock) on an open file, until its descriptor is closed. False where another has one, null where the system or
   * its file system has none.
   */
  lockFile(descriptor: number): boolean | null;
  /**
   * Gives the file `to` owner, permissions, ACL and extended attributes of the file `from`; raw bytes of their paths. Null where it is done, else
   * the code of spec/error-codes.json that says why not.
   */
  keepAccess(from: Buffer, to: Buffer): string | null;
}

/** The ScanRequest of the sidecar job, with raw bytes where it has names. Complete: the addon has no defaults. */
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
  /** The cursor of the last batch that was handed out, or '' to begin. */
  readonly after: string;
}

/** The ConvertRequest of the sidecar job, with raw bytes where it has names. Complete: the addon has no defaults. */
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
  /** What stands in the locks of folders: spec/sidecar/locks.md; '' in a dry run. */
  readonly lockLine: string;
  /** Raw bytes of the journal's path; empty in a dry run. */
  readonly journal: Buffer;
  /** ''. What another engine has begun TypeScript finishes. */
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
  /** Bytes that one file may have. */
  readonly maxSize: number;
  readonly workers: number;
  /** The cursor of the last batch that was handed out, or '' to begin. */
  readonly after: string;
  /** Test instrument: panics at this batch; -1 never. */
  readonly failAtBatch: number;
}

/** A pass at work on threads of its own. */
export interface NativeStream {
  /** The next batch, or null at the end. */
  next(): Promise<NativeBatch | null>;
  /** The next batch if it is there already; null says nothing about what is to come. */
  takeReady(): NativeBatch | null;
  /** Puts the rows of the last batch, UTF-8, at the beginning of `into`, which has room for them. */
  copyRows(into: Buffer): void;
  /** After it, next() gives what was already done and then null. */
  cancel(): void;
}

/** Rows and what they add up to, as spec/sidecar/reports.md says. */
export interface NativeBatch {
  /** Bytes that copyRows gives. */
  readonly rowBytes: number;
  /** JSON. */
  readonly totals: string;
  readonly cursor: string;
  readonly items: number;
  /** Bytes read. */
  readonly bytes: number;
}
