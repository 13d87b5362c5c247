import { sameTokens, type Tape, writeJson } from '@tandem/json';
import { isFault } from '../fault.ts';
import type { Codec } from '../formats/codec.ts';
import { CODECS } from '../formats/codecs.ts';
import type { SidecarFormat, StoredFormat } from '../generated/formats.ts';
import { type Extension, Inspector, type InspectorLimits, type Summary } from '../inspect.ts';

/** A document that was read and found valid. */
export interface SourceDocument {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** According to its name. */
  readonly extension: Extension;
  /** According to its content. */
  readonly format: StoredFormat;
  readonly summary: Summary;
  /** The JSON text as stored; for an archive, its canonical written form. May share memory with `bytes`. */
  readonly text: Uint8Array;
}

export interface EncodedTarget {
  readonly bytes: Buffer;
  readonly respelled: boolean;
}

/**
 * Produces the bytes of targets, and proves by reading them again that their content is the same
 * (spec/sidecar/convert.md, "Bytes").
 */
export class TargetEncoder {
  readonly #to: SidecarFormat;
  readonly #stored: StoredFormat;
  readonly #codec: Codec;
  readonly #sources: Inspector;
  readonly #targets: Inspector;

  /** @param stored `to`, or 'legacy' for the older tool's form */
  constructor(to: SidecarFormat, stored: StoredFormat, limits: InspectorLimits) {
    this.#to = to;
    this.#stored = stored;
    this.#codec = CODECS[stored];
    this.#sources = new Inspector(limits, false);
    // The target of a document within the limits may be larger than the limits allow.
    this.#targets = new Inspector({ ...limits, maxSize: Number.MAX_SAFE_INTEGER }, false);
  }

  /**
   * The target's bytes; null if their content differs from that of the source. Throws RangeError if memory
   * runs out.
   */
  encode(source: SourceDocument): EncodedTarget | null {
    const { text, summary } = source;
    const isArchive = isTape(source);
    const codec = this.#codec;
    if (codec.holds === 'text' && !codec.isCompact) {
      const bytes = codec.encode(text, () => summary);
      const saysTheSame =
        this.#hasText(bytes, bytes.length, text) && (!isArchive || this.#saysTokens(source, bytes));
      return saysTheSame ? { bytes, respelled: false } : null;
    }
    const tape = this.#sourceTape(source);
    const written = writeJson(tape);
    const bytes = codec.holds === 'tape' ? codec.encode(tape) : codec.encode(written, () => summary);
    const respelled = !isArchive && !written.equals(text);
    return this.#saysTokens(source, bytes, bytes.length, tape) ? { bytes, respelled } : null;
  }

  /**
   * A file that already has the target's name, if it is a complete target with the content of the source: a
   * sealed file must have the same JSON text, any other the same tokens. Otherwise null.
   * @param bytes bytes[0, length) is the file; they are copied
   */
  accept(source: SourceDocument, bytes: Uint8Array, length: number): EncodedTarget | null {
    const hasText = this.#hasText(bytes, length, source.text);
    const isSealed = this.#codec.holds === 'text' && this.#codec.checkSummary !== undefined;
    if (!hasText && (isSealed || !this.#saysTokens(source, bytes, length))) return null;
    return { bytes: Buffer.from(bytes.subarray(0, length)), respelled: !isTape(source) && !hasText };
  }

  /**
   * Whether these bytes are an entirely valid target with this JSON text (for an archive, the written form).
   */
  #hasText(bytes: Uint8Array, length: number, text: Uint8Array): boolean {
    const { fault, format } = this.#targets.inspect(bytes, length, this.#to);
    return (
      fault === null && format === this.#stored && Buffer.compare(this.#targets.document(bytes), text) === 0
    );
  }

  /** Whether these bytes are a target with the same tokens as the source. */
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

/** Whether the source has no text of its own. */
function isTape({ format }: SourceDocument): boolean {
  return CODECS[format].holds === 'tape';
}
