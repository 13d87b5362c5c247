import type { BigIntStats } from 'node:fs';
import { LIMITS } from '@tandem/engine';
import {
  errnoOf,
  FileReader,
  type FileSteps,
  isDeadClaim,
  judgeOf,
  newRun,
  outwaitSave,
  shownText,
} from '@tandem/files';
import type { ConvertRequest } from '../engines/requests.ts';
import { sniff } from '../formats/detect.ts';
import { OPERATIONS } from '../generated/detection.ts';
import type { StoredFormat } from '../generated/formats.ts';
import { Inspector } from '../inspect.ts';
import type { PathTexts } from '../rows/path-text.ts';
import type { LinkedFiles } from '../walk/linked-files.ts';
import { promisedBy } from '../walk/name-class.ts';
import type { EntryMark } from '../walk/walk-batch.ts';
import type { Conversion, Plan } from './conversion.ts';
import { type EncodedTarget, type SourceDocument, TargetEncoder } from './encode-target.ts';
import { type FolderNames, targetName } from './folder-names.ts';
import { converted, type Entry, failed, faultOf, type Outcome, skipped } from './outcome.ts';
import { lstatOf, type SourceFile, sourceFile } from './source-file.ts';

/** One file to be planned. */
export interface PlannedFile {
  readonly paths: PathTexts;
  readonly name: string;
  readonly mark: EntryMark;
  readonly names: FolderNames;
}

/** What was found at the path of a target. */
type Place =
  | { readonly is: 'free' }
  /** By a run that died before it filled it. */
  | { readonly is: 'claimed' }
  /** The source itself: it is replaced. */
  | { readonly is: 'source' }
  | { readonly is: 'equal'; readonly target: EncodedTarget }
  | { readonly is: 'taken' };

/** The form in which a request's targets are stored. */
export function storedFormat({
  to,
  legacyLayout,
}: Pick<ConvertRequest, 'to' | 'legacyLayout'>): StoredFormat {
  return legacyLayout ? 'legacy' : to;
}

/**
 * Reads candidates and decides what is to be done, without writing anything: spec/sidecar/convert.md,
 * "Candidates" and "Bytes". A dry run ends here, so its rows are those of the run that it previews. Keeps its
 * buffers from one file to the next.
 */
export class Planner {
  /** Documents that were skipped because another operation was requested. */
  otherOperation = 0;
  readonly #request: ConvertRequest;
  readonly #steps: FileSteps;
  readonly #stored: StoredFormat;
  readonly #wanted: number;
  readonly #reader: FileReader;
  /** Reads targets and the first bytes of other files, while #reader holds the source. */
  readonly #others: FileReader = new FileReader(Number.MAX_SAFE_INTEGER);
  readonly #inspector: Inspector;
  readonly #encoder: TargetEncoder;
  readonly #linked: LinkedFiles;

  /**
   * @param linked files that links of the tree lead to
   * @param steps of the run, for reading the time on a folder's file system
   */
  constructor(request: ConvertRequest, linked: LinkedFiles, steps: FileSteps) {
    this.#linked = linked;
    this.#request = request;
    this.#steps = steps;
    this.#stored = storedFormat(request);
    this.#wanted =
      request.operation === '' ? -1 : OPERATIONS.findIndex(({ name }) => name === request.operation);
    this.#reader = new FileReader(request.maxSize);
    this.#inspector = new Inspector(request, false);
    this.#encoder = new TargetEncoder(request.to, this.#stored, request);
  }

  /** Bytes read so far. */
  get bytesRead(): number {
    return this.#reader.total + this.#others.total;
  }

  /**
   * Whether the outcome of a file depends only on its own document: its target's name is free, no other file
   * has the same target, no save is at work on either, and no link leads to it. An engine may then convert it
   * without examining other files.
   */
  isPlain({ paths, name, mark, names }: PlannedFile): boolean {
    const target = targetName(name, this.#request.to);
    if (mark !== 'f' || target === name || names.mayHave(target) || names.wanting(target).length > 1)
      return false;
    if (names.hasLockOf(name) || names.hasLockOf(target)) return false;
    return this.#linked.isEmpty || !this.#isLinked(paths.prefix + name);
  }

  #isLinked(path: string): boolean {
    const stats = statsOf(path);
    return (
      stats === null || typeof stats === 'string' || this.#linked.has({ device: stats.dev, inode: stats.ino })
    );
  }

  plan(file: PlannedFile): Plan {
    const { paths, name, mark } = file;
    const entry = (outcome: Outcome): Entry => ({ paths, name, outcome });
    if (mark === 'b') return entry(failed(faultOf('ERR_TANDEM_BROKEN_SYMLINK')));
    if (mark !== 'f') return entry(skipped('link'));
    const locked = this.#request.dryRun ? null : this.#outwaitSaves(file);
    if (locked !== null) return entry(failed(faultOf('ERR_TANDEM_LOCKED', locked)));
    try {
      return this.#planRead(file, entry);
    } finally {
      this.#reader.close();
      this.#others.close();
    }
  }

  /** A save that began before this run may put a new document where the source is read, placed or removed. */
  #outwaitSaves({ paths, name, names }: PlannedFile): Record<string, string> | null {
    const judge = judgeOf(paths.prefix, newRun(), this.#steps);
    for (const sidecar of new Set([name, targetName(name, this.#request.to)])) {
      const locked = names.hasLockOf(sidecar) ? outwaitSave(paths.prefix + sidecar, judge) : null;
      if (locked !== null) return locked;
    }
    return null;
  }

  #planRead(file: PlannedFile, entry: (outcome: Outcome) => Entry): Plan {
    const { paths, name } = file;
    const reader = this.#reader;
    const readAt = Date.now();
    const unread = reader.read(paths.prefix + name);
    if (unread !== null) return entry(failed(unread, { bytesBefore: reader.size }));
    const { bytes, length } = reader;
    const extension = promisedBy(name);
    const { fault, format, summary } = this.#inspector.inspect(bytes, length, extension);
    if (fault !== null) return entry(failed(fault, { from: format, bytesBefore: length }));
    if (format === null || summary === null)
      throw new Error('a document that is right has a format and a summary');
    if (this.#wanted >= 0 && summary.operation !== this.#wanted) {
      this.otherOperation += 1;
      return null;
    }
    const facts = { from: format, bytesBefore: length };
    if (format === this.#stored) return entry(skipped('already', facts));
    if (!summary.isSidecar) return entry(skipped('not_a_sidecar', { ...facts, kind: summary.foreign }));
    const text = this.#inspector.document(bytes);
    const document: SourceDocument = { bytes, length, extension, format, summary, text };
    const open = reader.facts();
    const source = open && sourceFile(paths.prefix + name, open, bytes.subarray(0, length), readAt);
    if (source === null) return entry(failed(faultOf('ERR_TANDEM_CHANGED'), facts));
    return this.#planTarget(file, entry, document, source);
  }

  #planTarget(
    { paths, name, names }: PlannedFile,
    entry: (outcome: Outcome) => Entry,
    document: SourceDocument,
    source: SourceFile,
  ): Plan {
    const target = targetName(name, this.#request.to);
    const facts = { from: document.format, bytesBefore: document.length, target };
    const other = this.#otherClaim(names, target, name, paths.prefix);
    if (other !== null) {
      const params = { other: shownText(other), target: shownText(target) };
      return entry(failed(faultOf('ERR_TANDEM_TARGET_CLAIMED_TWICE', params), facts));
    }
    const place = this.#placeOf(names, target, name, paths.prefix, document, source);
    if (place.is === 'taken') {
      return entry(failed(faultOf('ERR_TANDEM_TARGET_EXISTS', { target: shownText(target) }), facts));
    }
    if (place.is === 'equal' && this.#request.keep) {
      return entry(skipped('already', { from: document.format, bytesBefore: document.length }));
    }
    if (place.is !== 'source' && this.#linked.has(source)) {
      return entry(skipped('linked', { from: document.format, bytesBefore: document.length }));
    }
    const encoded = place.is === 'equal' ? place.target : this.#encode(document);
    if (encoded === null) return entry(failed(faultOf('ERR_TANDEM_PROOF_FAILED'), facts));
    if (encoded === 'no-memory') {
      return entry(failed(faultOf('ERR_TANDEM_OUT_OF_MEMORY', { size: document.length }), facts));
    }
    const size = encoded.bytes.length;
    if (size > this.#request.maxSize) {
      const params = { target: shownText(target), size, limit: this.#request.maxSize };
      return entry(failed(faultOf('ERR_TANDEM_TARGET_TOO_LARGE', params), facts));
    }
    const isThere = place.is === 'equal';
    const outcome = converted({
      ...facts,
      resumed: isThere,
      bytesAfter: size,
      respelled: encoded.respelled,
    });
    const conversion: Conversion = {
      entry: entry(outcome),
      source,
      folder: paths.prefix,
      target: paths.prefix + target,
      inPlace: place.is === 'source',
      isThere,
      isClaimed: place.is === 'claimed',
      bytes: encoded.bytes,
      staged: null,
    };
    return conversion;
  }

  #encode(document: SourceDocument): EncodedTarget | null | 'no-memory' {
    try {
      return this.#encoder.encode(document);
    } catch (error) {
      // Thrown for a buffer or an array that is too large.
      if (error instanceof RangeError) return 'no-memory';
      throw error;
    }
  }

  /**
   * The first other file that would have the same target name, or null. This counts regular files that are
   * not in the target format according to their first bytes, including invalid ones and those of other
   * operations: once repaired or converted, they need the name as well.
   */
  #otherClaim(names: FolderNames, target: string, name: string, prefix: string): string | null {
    const wanting = names.wanting(target);
    if (wanting.length < 2) return null;
    return wanting.find((other) => other !== name && this.#claims(prefix + other)) ?? null;
  }

  #claims(path: string): boolean {
    const stats = statsOf(path);
    // A path that cannot be examined, and a file that cannot be read, both count as needing the name.
    if (typeof stats === 'string') return true;
    if (stats === null || !stats.isFile() || isDeadClaim(path)) return false;
    try {
      if (this.#others.readHead(path, LIMITS.sniffBytes, false) !== null) return true;
      const { bytes, length, size } = this.#others;
      return sniff(bytes, length, size ?? length) !== this.#stored;
    } finally {
      this.#others.close();
    }
  }

  #placeOf(
    names: FolderNames,
    target: string,
    name: string,
    prefix: string,
    document: SourceDocument,
    source: SourceFile,
  ): Place {
    if (target === name) return { is: 'source' };
    if (!names.mayHave(target)) return { is: 'free' };
    const stats = statsOf(prefix + target);
    // A path that is too long cannot exist; writing it will report the error.
    if (stats === null || stats === 'ENAMETOOLONG') return { is: 'free' };
    if (typeof stats === 'string') return { is: 'taken' };
    // One file by two spellings, on a file system that ignores case; two names of one file are two entries.
    if (stats.ino === source.inode && stats.dev === source.device && !names.has(target))
      return { is: 'source' };
    if (!stats.isFile()) return { is: 'taken' };
    if (isDeadClaim(prefix + target)) return { is: 'claimed' };
    const others = this.#others;
    if (others.read(prefix + target) !== null) return { is: 'taken' };
    const accepted = this.#encoder.accept(document, others.bytes, others.length);
    return accepted === null ? { is: 'taken' } : { is: 'equal', target: accepted };
  }
}

/** Like lstatOf, but returns the system's name of an error instead of throwing it. */
function statsOf(path: string): BigIntStats | string | null {
  try {
    return lstatOf(path);
  } catch (error) {
    return errnoOf(error) || 'unknown';
  }
}
