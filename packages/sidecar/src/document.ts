import { LIMITS, TandemError } from '@tandem/engine';
import { isClaim } from '@tandem/files';
import { Kind, type Tape, writeJson } from '@tandem/json';
import { findNode } from './document-path.ts';
import { OPERATIONS, type OperationName } from './generated/detection.ts';
import type { StoredFormat } from './generated/formats.ts';
import type { Extension, InspectorLimits } from './inspect.ts';
import { readWhole } from './store/read-whole.ts';
import { openDocument } from './store/splice.ts';
import { summarize } from './summary.ts';

/** The summary of a sidecar: spec/sidecar/summary.md. */
export interface SidecarSummary {
  readonly operation: OperationName;
  readonly detections: number;
  readonly tool: string | null;
  readonly success: boolean | null;
  /** Seconds. */
  readonly processingTime: number | null;
  readonly createdAt: string | null;
  readonly lastUpdated: string | null;
  readonly imagePath: string | null;
}

/** The limits of a document that is opened; by default those of spec/limits.json. */
export interface OpenOptions {
  /** Bytes. */
  readonly maxSize?: number;
  readonly maxDepth?: number;
}

/**
 * An open sidecar in any format. It holds the file's bytes and a flat list of the positions of its values; a
 * value is decoded only when it is requested. There is nothing to close.
 */
export class Sidecar {
  /** As its caller spelled it; '' for bytes. */
  readonly path: string;
  readonly format: StoredFormat;
  readonly #tape: Tape;
  #summary: SidecarSummary | null = null;

  constructor(path: string, format: StoredFormat, tape: Tape) {
    this.path = path;
    this.format = format;
    this.#tape = tape;
  }

  /** Read from the document on first access. */
  get summary(): SidecarSummary {
    this.#summary ??= summaryOf(this.#tape);
    return this.#summary;
  }

  /**
   * The value at a path such as `face_detection.faces[0].confidence` or `["any key"][2]`; undefined if there
   * is none. For a duplicate key, it is the last occurrence. Numbers are the nearest doubles; `text` returns
   * them as spelled.
   * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for an invalid path
   */
  get(path: string): unknown {
    const node = findNode(this.#tape, path);
    return node < 0 ? undefined : this.#value(node);
  }

  /**
   * The value at a path as JSON without white space, with its numbers as spelled; undefined if there is none.
   */
  text(path: string): string | undefined {
    const node = findNode(this.#tape, path);
    if (node < 0) return undefined;
    if (this.#tape.kind(node) === Kind.number) return this.#tape.spelling(node);
    return writeJson(this.#tape, node).toString();
  }

  /** The whole document; JSON.stringify calls this too. */
  toJSON(): unknown {
    return this.#value(0);
  }

  #value(node: number): unknown {
    const tape = this.#tape;
    switch (tape.kind(node)) {
      case Kind.null:
        return null;
      case Kind.false:
        return false;
      case Kind.true:
        return true;
      case Kind.number:
        return Number(tape.spelling(node));
      case Kind.string:
      case Kind.escaped:
        return tape.string(node);
      default:
        // V8 builds objects faster than anything written here, and handles duplicate keys and __proto__
        // correctly.
        return JSON.parse(writeJson(tape, node).toString());
    }
  }
}

/**
 * Opens a sidecar in any format. Its validity is judged by the same verdict as `validate`.
 * @throws {TandemError} the fault of the file, with its path and, if it is in the content, offset, line and
 * column
 */
export function openSidecar(path: string | Buffer, options: OpenOptions = {}): Sidecar {
  const limits = limitsOf(options);
  const raw = typeof path === 'string' ? Buffer.from(path) : path;
  const file = readWhole(raw.toString('latin1'), limits.maxSize);
  // A name that a save has claimed and is about to fill.
  if (isClaim(file.bytes)) throw new TandemError('ERR_TANDEM_NOT_FOUND', { path: file.path });
  const { format, tape } = openDocument(file, limits);
  return new Sidecar(file.path, format, tape);
}

/**
 * The same for bytes in memory, which must not change as long as the Sidecar is used.
 * @param extension the format assumed for bytes of no recognized format
 */
export function readSidecar(
  bytes: Buffer,
  extension: Extension = 'json',
  options: OpenOptions = {},
): Sidecar {
  const { format, tape } = openDocument({ path: '', bytes, extension }, limitsOf(options));
  return new Sidecar('', format, tape);
}

function limitsOf({
  maxSize = LIMITS.maxFileSize,
  maxDepth = LIMITS.maxDepth,
}: OpenOptions): InspectorLimits {
  return { maxSize, maxDepth };
}

function summaryOf(tape: Tape): SidecarSummary {
  const { operation, detections, tool, success, processingTime, createdAt, lastUpdated, imagePath } =
    summarize(tape);
  const { name } = OPERATIONS[operation] ?? { name: 'unknown' as const };
  const seconds = processingTime === null ? null : Number(processingTime);
  return {
    operation: name,
    detections,
    tool,
    success,
    processingTime: seconds,
    createdAt,
    lastUpdated,
    imagePath,
  };
}
