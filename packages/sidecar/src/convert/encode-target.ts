import { isFault } from '../fault.ts';
import { encodeBin } from '../formats/bin.ts';
import type { SidecarFormat, StoredFormat } from '../formats/format.ts';
import { encodeLegacy } from '../formats/legacy.ts';
import { encodeRkyv } from '../formats/rkyv.ts';
import { summaryJson } from '../formats/summary-block.ts';
import { type Extension, Inspector, type InspectorLimits, type Summary } from '../inspect.ts';
import { sameTokens } from '../json/same-tokens.ts';
import type { Tape } from '../json/tape.ts';
import { writeJson } from '../json/write.ts';

/** A document that was read and found right. */
export interface SourceDocument {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** By name. */
  readonly extension: Extension;
  /** By content. */
  readonly format: StoredFormat;
  readonly summary: Summary;
  /** The JSON text as it stands, of an archive its one written form. May share memory with `bytes`. */
  readonly text: Uint8Array;
}

export interface EncodedTarget {
  readonly bytes: Buffer;
  readonly respelled: boolean;
}

/** Makes the bytes of targets, and proves by reading them anew that they say the same (spec/sidecar/convert.md, "Bytes"). */
export class TargetEncoder {
  readonly #to: SidecarFormat;
  readonly #stored: StoredFormat;
  readonly #sources: Inspector;
  readonly #targets: Inspector;

  /** @param stored `to`, or 'legacy' for the older tool's form */
  constructor(to: SidecarFormat, stored: StoredFormat, limits: InspectorLimits) {
    this.#to = to;
    this.#stored = stored;
    this.#sources = new Inspector(limits, false);
    // A document that the limits let in may come out larger than they allow.
    this.#targets = new Inspector({ ...limits, maxSize: Number.MAX_SAFE_INTEGER }, false);
  }

  /** The target's bytes, or null where they do not say what the source says. Throws RangeError where memory is short. */
  encode(source: SourceDocument): EncodedTarget | null {
    const { text, format } = source;
    const isArchive = format === 'rkyv';
    if (this.#stored === 'bin' || this.#stored === 'json') {
      const bytes = this.#stored === 'bin' ? encodeBin(text, summaryJson(source.summary)) : Buffer.from(text);
      const saysTheSame =
        this.#hasText(bytes, bytes.length, text) && (!isArchive || this.#saysTokens(source, bytes));
      return saysTheSame ? { bytes, respelled: false } : null;
    }
    const tape = this.#sourceTape(source);
    const written = writeJson(tape);
    const bytes = this.#stored === 'rkyv' ? encodeRkyv(tape) : encodeLegacy(written);
    const respelled = !isArchive && !written.equals(text);
    return this.#saysTokens(source, bytes, bytes.length, tape) ? { bytes, respelled } : null;
  }

  /**
   * A file that already has the target's name, if it is a whole target that says what the source says: a sealed one the same
   * JSON text, another the same tokens. Else null.
   * @param bytes bytes[0, length) is the file; they are copied
   */
  accept(source: SourceDocument, bytes: Uint8Array, length: number): EncodedTarget | null {
    const hasText = this.#hasText(bytes, length, source.text);
    if (!hasText && (this.#stored === 'bin' || !this.#saysTokens(source, bytes, length))) return null;
    return { bytes: Buffer.from(bytes.subarray(0, length)), respelled: source.format !== 'rkyv' && !hasText };
  }

  /** Whether these bytes are a target that is right in every way and has this JSON text, of an archive the written form. */
  #hasText(bytes: Uint8Array, length: number, text: Uint8Array): boolean {
    const { fault, format } = this.#targets.inspect(bytes, length, this.#to);
    return (
      fault === null && format === this.#stored && Buffer.compare(this.#targets.document(bytes), text) === 0
    );
  }

  /** Whether these bytes are a target that says the source token by token. */
  #saysTokens(
    source: SourceDocument,
    bytes: Uint8Array,
    length = bytes.length,
    tape = this.#sourceTape(source),
  ): boolean {
    const target = this.#targets.open(bytes, length, this.#to);
    return !isFault(target) && target.format === this.#stored && sameTokens(tape, target.tape);
  }

  #sourceTape({ bytes, length, extension }: SourceDocument): Tape {
    const opened = this.#sources.open(bytes, length, extension);
    if (isFault(opened)) throw new Error(`a document that was right is not: ${opened.code}`);
    return opened.tape;
  }
}
