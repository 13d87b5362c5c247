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
    if (this.#stored === 'bin')
      return this.#proved(source, encodeBin(text, summaryJson(source.summary)), false);
    if (this.#stored === 'json') return this.#proved(source, Buffer.from(text), false);
    const tape = this.#sourceTape(source);
    const written = writeJson(tape);
    const bytes = this.#stored === 'rkyv' ? encodeRkyv(tape) : encodeLegacy(written);
    return this.#proved(source, bytes, format !== 'rkyv' && !written.equals(text));
  }

  /**
   * A file that already has the target's name, if it is a whole target that says what the source says: a sealed one the same
   * JSON text, another the same tokens. Else null.
   * @param bytes bytes[0, length) is the file; they are copied
   */
  accept(source: SourceDocument, bytes: Uint8Array, length: number): EncodedTarget | null {
    const { fault, format } = this.#targets.inspect(bytes, length, this.#to);
    if (fault !== null || format !== this.#stored) return null;
    const spelt = Buffer.compare(this.#targets.document(bytes), source.text) === 0;
    if (this.#stored === 'bin' ? !spelt : !this.#sameTokens(source, bytes, length)) return null;
    return { bytes: Buffer.from(bytes.subarray(0, length)), respelled: source.format !== 'rkyv' && !spelt };
  }

  #proved(source: SourceDocument, bytes: Buffer, respelled: boolean): EncodedTarget | null {
    const { fault, format } = this.#targets.inspect(bytes, bytes.length, this.#to);
    if (fault !== null || format !== this.#stored) return null;
    const keepsText = this.#stored === 'bin' || (this.#stored === 'json' && source.format !== 'rkyv');
    const sameText = !keepsText || Buffer.compare(this.#targets.document(bytes), source.text) === 0;
    const isArchive = source.format === 'rkyv';
    const saysTheSame =
      sameText && ((keepsText && !isArchive) || this.#sameTokens(source, bytes, bytes.length));
    return saysTheSame ? { bytes, respelled } : null;
  }

  #sameTokens(source: SourceDocument, bytes: Uint8Array, length: number): boolean {
    const target = this.#targets.open(bytes, length, this.#to);
    return !isFault(target) && sameTokens(this.#sourceTape(source), target.tape);
  }

  #sourceTape({ bytes, length, extension }: SourceDocument): Tape {
    const opened = this.#sources.open(bytes, length, extension);
    if (isFault(opened)) throw new Error(`a document that was right is not: ${opened.code}`);
    return opened.tape;
  }
}
