import { TandemError } from '@tandem/engine';
import type { Fault } from '@tandem/files';
import { Scanner, Tape, WORDS } from '@tandem/json';
import { isFault, tellFault, textFault } from '../fault.ts';
import type { TextCodec } from '../formats/codec.ts';
import { CODECS } from '../formats/codecs.ts';
import type { OperationName } from '../generated/detection.ts';
import type { StoredFormat } from '../generated/formats.ts';
import { type Extension, Inspector, type InspectorLimits } from '../inspect.ts';
import { summarize } from '../summary.ts';
import { operationKey } from './operation-key.ts';
import { spliceTape } from './splice-tape.ts';
import { spliceText } from './splice-text.ts';

/** A whole file in memory. */
export interface WholeFile {
  /** Shown in errors. */
  readonly path: string;
  readonly bytes: Buffer;
  readonly extension: Extension;
}

/** A document that was found valid. */
export interface OpenDocument {
  readonly format: StoredFormat;
  /** Its full tape. */
  readonly tape: Tape;
}

/**
 * Opens a file for reading or for a splice, by the same verdict as `validate`.
 * @throws {TandemError} the fault of the file, with its position
 */
export function openDocument({ path, bytes, extension }: WholeFile, limits: InspectorLimits): OpenDocument {
  const inspector = inspectorFor(limits);
  const opened = inspector.open(bytes, bytes.length, extension);
  if (isFault(opened)) throw faultError(tellFault(opened, bytes), path);
  const { format } = opened;
  const codec = CODECS[format];
  // The nodes of an archive belong to the file itself.
  if (codec.holds === 'tape') return opened;
  const { size, nodes } = opened.tape;
  const tape = new Tape(bytes, nodes.slice(0, size * WORDS), size);
  if (codec.checkSummary === undefined) return { format, tape };
  // A seal is valid only if its summary is.
  const { fault } = inspector.inspect(bytes, bytes.length, extension);
  if (fault !== null) throw faultError(fault, path);
  return { format, tape };
}

/**
 * The file with another value for one operation. Every byte of the document outside that value is unchanged;
 * a sealed file is sealed anew, an archive keeps the text of all other nodes. The result has been opened
 * again and found valid.
 * @param value compact JSON: value-text.ts
 * @throws {TandemError} the fault of the file; ERR_TANDEM_BAD_ARGUMENT if the document is not an object;
 * ERR_TANDEM_TOO_DEEP and ERR_TANDEM_TOO_LARGE if the result would be
 */
export function spliceOperation(
  file: WholeFile,
  operation: OperationName,
  value: Buffer,
  limits: InspectorLimits,
): Buffer {
  const { format, tape } = openDocument(file, limits);
  if (!tape.isObject(0)) {
    const params = {
      problem: 'the sidecar is not an object, so nothing can be added to it',
      cure: 'move it away, or make it an object',
    };
    throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', { path: file.path, params });
  }
  const key = operationKey(tape, operation);
  const codec = CODECS[format];
  const spliced =
    codec.holds === 'tape'
      ? codec.encode(spliceTape(tape, key, operation, tapeOf(value, limits.maxDepth)))
      : sealed(format, splicedText(file.bytes, codec, tape, key, operation, value), limits);
  openDocument({ ...file, bytes: spliced }, limits);
  return spliced;
}

/** Encodes JSON text as a document of a format. */
export function sealed(format: StoredFormat, text: Buffer, limits: InspectorLimits): Buffer {
  const codec = CODECS[format];
  const tape = (): Tape => tapeOf(text, limits.maxDepth);
  return codec.holds === 'tape' ? codec.encode(tape()) : codec.encode(text, () => summarize(tape()));
}

/** Converts a fault of a file to an error. */
export function faultError(fault: Fault, path: string): TandemError {
  const { code, message, offset, line, column } = fault;
  return new TandemError(code, {
    message,
    path,
    ...(offset === null ? {} : { offset }),
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
  });
}

function splicedText(
  bytes: Buffer,
  codec: TextCodec,
  tape: Tape,
  key: number,
  operation: OperationName,
  value: Buffer,
): Buffer {
  const offset = codec.textStart(bytes, bytes.length);
  // The file was opened before, so what is stored around its text is complete.
  const start = isFault(offset) ? bytes.length : offset;
  return spliceText(bytes.subarray(start), tape, start, key, operation, value);
}

/** One inspector for many files: creating its tables costs as much as opening a small archive. */
function inspectorFor(limits: InspectorLimits): Inspector {
  if (kept === null || kept.limits.maxSize !== limits.maxSize || kept.limits.maxDepth !== limits.maxDepth) {
    kept = { limits: { ...limits }, inspector: new Inspector(limits, false) };
  }
  return kept.inspector;
}

let kept: { readonly limits: InspectorLimits; readonly inspector: Inspector } | null = null;

/** The full tape of JSON text that is valid except perhaps for its depth. */
function tapeOf(text: Buffer, maxDepth: number): Tape {
  const scanner = new Scanner(maxDepth);
  const fault = scanner.scan(text, 0, text.length, 'full');
  if (fault !== null)
    throw new TandemError(fault.code, { message: tellFault(textFault(fault, 0), text).message });
  return new Tape(text, scanner.nodes, scanner.length / WORDS);
}
