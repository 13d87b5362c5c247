import type { Fault } from '@tandem/files';
import { Scanner, Tape, type TapeDetail, WORDS, writeJson } from '@tandem/json';
import { type FileFault, isFault, tellFault, textFault } from './fault.ts';
import { isCurrentTable, openSeal, type Seal } from './formats/bin.ts';
import type { TapeCodec, TapeReader } from './formats/codec.ts';
import { CODECS } from './formats/codecs.ts';
import { type Sniffed, sniff } from './formats/detect.ts';
import { LEGACY_HEADER, legacyLength } from './formats/legacy.ts';
import { summaryJson, summaryOfBlock } from './formats/summary-block.ts';
import { FORMAT_FACTS, type SidecarFormat, type StoredFormat } from './generated/formats.ts';
import { type Finding, lintDocument, nulTail } from './lint.ts';
import { OURS } from './ownership.ts';
import { type Summary, summarize } from './summary.ts';

export type { Fault } from '@tandem/files';
export type { Finding } from './lint.ts';
export type { Summary } from './summary.ts';

/** The format that a file's name indicates. */
export type Extension = SidecarFormat;

/** The format of a file and its summary. Exactly one of `fault` and `summary` is null. */
export interface Inspection {
  /** By content; null if no format was recognized. */
  readonly format: StoredFormat | null;
  readonly fault: Fault | null;
  readonly summary: Summary | null;
  readonly findings: readonly Finding[];
}

export interface InspectorLimits {
  /** Bytes. */
  readonly maxSize: number;
  readonly maxDepth: number;
}

/**
 * A document that was found valid: its tape, and the position of its JSON text in the file (null in an
 * archive).
 */
interface Opened {
  readonly tape: Tape;
  readonly text: { readonly start: number; readonly end: number } | null;
}

/**
 * Determines the format, the validity and the summary of one file after another. It reuses its buffers: the
 * strings of an answer remain valid, but `document()` refers to the last file only.
 */
export class Inspector {
  readonly #limits: InspectorLimits;
  readonly #lint: boolean;
  readonly #scanner: Scanner;
  readonly #tapeReaders = new Map<TapeCodec, TapeReader>();
  #findings: Finding[] = [];
  #opened: Opened | null = null;

  constructor(limits: InspectorLimits, lint: boolean) {
    this.#limits = limits;
    this.#lint = lint;
    this.#scanner = new Scanner(limits.maxDepth);
  }

  /** Inspects a whole file: bytes[0, length). */
  inspect(bytes: Uint8Array, length: number, extension: Extension): Inspection {
    this.#findings = [];
    this.#opened = null;
    const format = this.#formatOf(bytes, length, extension);
    const result = this.#open(bytes, length, format, this.#lint ? 'full' : 'outline');
    const stored =
      format === 'unknown' || format === 'empty' ? null : format === 'legacy_cut' ? 'legacy' : format;
    if (isFault(result)) return this.#answer(stored, tellFault(result, bytes), null);
    this.#opened = result;
    const said = summarize(result.tape);
    // Every stored form except plain JSON identifies itself as a sidecar.
    const summary = stored === 'json' ? said : { ...said, ...OURS };
    const unsealed = stored === null ? null : checkSummary(stored, bytes, length, summary);
    if (unsealed !== null) return this.#answer(stored, tellFault(unsealed, bytes), null);
    if (this.#lint) this.#findings.push(...lintDocument(result.tape, result.text === null));
    if (stored !== extension && !(stored === 'legacy' && FORMAT_FACTS[extension].mayBeLegacy)) {
      this.#findings.unshift({ finding: 'extension_mismatch', offset: 0 });
    }
    return this.#answer(stored, null, summary);
  }

  /**
   * Like inspect, but a sealed file is answered from its summary block alone: bytes[0, length) are the first
   * bytes of a file of `size` bytes. Null if the whole file is needed. Such an answer has no findings.
   */
  summaryOnly(bytes: Uint8Array, length: number, size: number, extension: Extension): Inspection | null {
    if (sniff(bytes, length, size) === 'bin' && size <= this.#limits.maxSize) {
      this.#findings = [];
      const seal = openSeal(bytes, length, size);
      if (isFault(seal)) {
        const mayBeShort = seal.code === 'ERR_TANDEM_BIN_TRUNCATED' && length < size;
        return mayBeShort ? null : this.#answer('bin', tellFault(seal, bytes), null);
      }
      const summary = isCurrentTable(seal) ? this.#readSummary(bytes, seal) : null;
      if (summary !== null) return this.#answer('bin', null, summary);
    }
    return length === size ? this.inspect(bytes, length, extension) : null;
  }

  /**
   * The JSON text of the last file that inspect found valid; an archive is written out. Shares memory with
   * the file's bytes.
   */
  document(bytes: Uint8Array): Uint8Array {
    const opened = this.#opened;
    if (opened === null) throw new Error('document() is for a file that inspect found right');
    return opened.text === null ? writeJson(opened.tape) : bytes.subarray(opened.text.start, opened.text.end);
  }

  /** The full tape of a whole file, or its fault. Valid until the next call. */
  open(
    bytes: Uint8Array,
    length: number,
    extension: Extension,
  ): { format: StoredFormat; tape: Tape } | FileFault {
    const format = this.#formatOf(bytes, length, extension);
    const result = this.#open(bytes, length, format, 'full');
    return isFault(result) ? result : { format: format as StoredFormat, tape: result.tape };
  }

  #answer(format: StoredFormat | null, fault: Fault | null, summary: Summary | null): Inspection {
    return { format, fault, summary, findings: this.#findings };
  }

  /**
   * By content first; only an unrecognized .json file is treated according to its name, so that the error in
   * its text is reported.
   */
  #formatOf(bytes: Uint8Array, length: number, extension: Extension): Sniffed {
    const format = sniff(bytes, length, length);
    return format === 'unknown' && extension === 'json' ? 'json' : format;
  }

  #open(bytes: Uint8Array, length: number, format: Sniffed, detail: TapeDetail): Opened | FileFault {
    const { maxSize } = this.#limits;
    if (length > maxSize)
      return { code: 'ERR_TANDEM_TOO_LARGE', offset: null, params: { size: length, limit: maxSize } };
    switch (format) {
      case 'empty':
        return { code: 'ERR_TANDEM_EMPTY_FILE', offset: 0 };
      case 'unknown':
        return { code: 'ERR_TANDEM_UNKNOWN_FORMAT', offset: 0 };
      case 'legacy_cut':
        return {
          code: 'ERR_TANDEM_LEGACY_LENGTH',
          offset: 0,
          params: { stated: legacyLength(bytes), actual: length - LEGACY_HEADER },
        };
      default: {
        const codec = CODECS[format];
        if (codec.holds === 'tape') {
          const tape = this.#tapeReader(codec).open(bytes, length);
          return isFault(tape) ? tape : { tape, text: null };
        }
        const start = codec.textStart(bytes, length);
        return isFault(start) ? start : this.#text(bytes, start, length, detail);
      }
    }
  }

  #tapeReader(codec: TapeCodec): TapeReader {
    const known = this.#tapeReaders.get(codec);
    if (known !== undefined) return known;
    const reader = codec.reader(this.#limits.maxDepth);
    this.#tapeReaders.set(codec, reader);
    return reader;
  }

  #text(bytes: Uint8Array, start: number, end: number, detail: TapeDetail): Opened | FileFault {
    const fault = this.#scanner.scan(bytes, start, end, detail);
    if (fault !== null) {
      if (this.#lint && fault.code === 'ERR_TANDEM_JSON_TRAILING') {
        this.#findings.push(...nulTail(this.#scanner, bytes, start, end, start + fault.offset));
      }
      return textFault(fault, start);
    }
    return { tape: new Tape(bytes, this.#scanner.nodes, this.#scanner.length / WORDS), text: { start, end } };
  }

  /** The summary block as a Summary; null if it is not what this version writes. */
  #readSummary(bytes: Uint8Array, seal: Seal): Summary | null {
    if (this.#scanner.scan(bytes, seal.summaryStart, seal.summaryEnd, 'outline') !== null) return null;
    const summary = summaryOfBlock(new Tape(bytes, this.#scanner.nodes, this.#scanner.length / WORDS));
    // A block that is not spelled as this program spells it comes from another program, whatever its
    // checksum.
    const stored = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + seal.summaryStart,
      seal.summaryEnd - seal.summaryStart,
    );
    return summary !== null && Buffer.from(summaryJson(summary)).equals(stored) ? summary : null;
  }
}

function checkSummary(
  format: StoredFormat,
  bytes: Uint8Array,
  length: number,
  summary: Summary,
): FileFault | null {
  const codec = CODECS[format];
  return codec.holds === 'tape' ? null : (codec.checkSummary?.(bytes, length, summary) ?? null);
}
