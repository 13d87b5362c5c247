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
   * Reads files, judges them, and makes and stages the targets of those that are to be converted, many at
   * once. Returns one result per file, in their order. Rejects only for a failure of the engine; then any of
   * the staged files may exist.
   */
  stageFiles(request: NativeStageRequest): Promise<NativeStaged[]>;
  /** Begins a join; throws a domain error at once if the request cannot begin. */
  join(request: NativeJoinRequest): NativeStream;
  /**
   * Takes an advisory lock (flock) on an open file, until its descriptor is closed. False if another process
   * has one, null if the system or its file system has none.
   */
  lockFile(descriptor: number): boolean | null;
  /**
   * Gives the file `to` owner, permissions, ACL, extended attributes and, on request, times of the file
   * `from`; raw bytes of their paths. Null on success, else the code of spec/error-codes.json for the failure.
   */
  makeLike(from: Buffer, to: Buffer, withTimes: boolean): string | null;
  /**
   * Gives the file `from` the name `to` unless something has that name; raw bytes of their paths. 0 on
   * success, else the system's error number, or -1 if the system has no such call.
   */
  renameNew(from: Buffer, to: Buffer): number;
  /**
   * Makes all bytes and names durable on the file system of an open file. Rejects if the system cannot do
   * that, or fails to.
   */
  syncSystem(descriptor: number): Promise<void>;
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

/** Files of a convert that the addon may judge by themselves: spec/sidecar/convert.md, "Plain files". */
export interface NativeStageRequest {
  readonly folders: readonly NativeStageFolder[];
  /** Only this operation (snake_case), or '' for all. */
  readonly operation: string;
  readonly to: 'json' | 'bin' | 'rkyv';
  readonly legacyLayout: boolean;
  /** Bytes. */
  readonly maxSize: number;
  readonly maxDepth: number;
  /** The run's id, which names the staged files: spec/sidecar/locks.md, "Runs". */
  readonly run: string;
  readonly workers: number;
}

export interface NativeStageFolder {
  /** Raw bytes of its path, with a slash at the end. */
  readonly path: Buffer;
  /** Raw bytes of the names of the files, with a slash between two. */
  readonly names: Buffer;
  /** The number of the first staged file; the others follow. 0: nothing is written in this folder. */
  readonly first: number;
}

/** What was found out about one file, and what was made of it. */
export interface NativeStaged {
  /** `left_out`: of another operation. */
  readonly status: 'converted' | 'skipped' | 'failed' | 'left_out';
  readonly reason?: string;
  readonly kind?: string;
  readonly fault?: NativeFault;
  readonly from?: string;
  /** Whether the row names the target. */
  readonly hasTarget: boolean;
  readonly bytesBefore?: number;
  readonly bytesAfter?: number;
  readonly respelled: boolean;
  /** Bytes read. */
  readonly read: number;
  /** The source as it was read, and the file with the bytes of its target; both if that was written. */
  readonly source?: NativeSourceFile;
  readonly file?: NativeStagedFile;
}

export interface NativeFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly offset?: number;
  readonly line?: number;
  readonly column?: number;
}

export interface NativeSourceFile {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  /** Nanoseconds since 1970, negative before. */
  readonly modifiedNs: bigint;
  /** SHA-256 in hex, if its times alone do not show every change. */
  readonly digest?: string;
}

export interface NativeStagedFile {
  /** In its name. */
  readonly number: number;
  readonly device: bigint;
  readonly inode: bigint;
  /** SHA-256 of its bytes, in hex. */
  readonly digest: string;
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
