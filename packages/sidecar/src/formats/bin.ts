import { crc32 } from 'node:zlib';
import { type FileFault, isFault } from '../fault.ts';
import { DETECTION_VERSION } from '../generated/detection.ts';
import { FORMAT_FACTS } from '../generated/formats.ts';
import type { TextCodec } from './codec.ts';
import { summaryJson } from './summary-block.ts';

/** The layout of docs/formats.md, "bin". */
const MAGIC = FORMAT_FACTS.bin.magic as Uint8Array;
const VERSION = 1;
const VERSION_AT = 8;
const FLAGS_AT = 10;
const TABLE_AT = 12;
const JSON_LENGTH_AT = 16;
const JSON_CRC_AT = 24;
const SUMMARY_LENGTH_AT = 28;
const SUMMARY_AT = 32;
/** The smallest file: a header, no summary, the header's checksum, no document. */
const SMALLEST = 36;

/** The positions of the parts of a sealed file, in bytes from its start. */
export interface Seal {
  readonly tableVersion: number;
  readonly summaryStart: number;
  readonly summaryEnd: number;
  readonly jsonStart: number;
  readonly jsonEnd: number;
  readonly jsonCrc: number;
}

export const BIN: TextCodec = {
  holds: 'text',
  isCompact: false,
  textStart(bytes, length) {
    const seal = openSeal(bytes, length, length);
    return isFault(seal) ? seal : (checkSealedDocument(bytes, seal) ?? seal.jsonStart);
  },
  checkSummary(bytes, length, summary) {
    const seal = openSeal(bytes, length, length);
    return isFault(seal) ? seal : checkSealedSummary(bytes, seal, summaryJson(summary));
  },
  encode: (text, summary) => encodeBin(text, summaryJson(summary())),
};

/** Whether the summary was made with the detection table of this build. */
export function isCurrentTable(seal: Seal): boolean {
  return seal.tableVersion === DETECTION_VERSION;
}

/** A sealed file: the unchanged JSON bytes after a summary and two checksums. */
export function encodeBin(json: Uint8Array, summary: string): Buffer {
  const summaryBytes = Buffer.from(summary);
  const jsonStart = SUMMARY_AT + summaryBytes.length + 4;
  const file = Buffer.alloc(jsonStart + json.length);
  file.set(MAGIC, 0);
  file.writeUInt16LE(VERSION, VERSION_AT);
  file.writeUInt16LE(0, FLAGS_AT);
  file.writeUInt32LE(DETECTION_VERSION, TABLE_AT);
  file.writeBigUInt64LE(BigInt(json.length), JSON_LENGTH_AT);
  file.writeUInt32LE(crc32(json), JSON_CRC_AT);
  file.writeUInt32LE(summaryBytes.length, SUMMARY_LENGTH_AT);
  file.set(summaryBytes, SUMMARY_AT);
  file.writeUInt32LE(crc32(file.subarray(0, jsonStart - 4)), jsonStart - 4);
  file.set(json, jsonStart);
  return file;
}

/**
 * Reads the seal: version, lengths, and the checksum of header and summary. `bytes[0, length)` are the first
 * bytes of a file of `size` bytes; a header that extends beyond them counts as truncated.
 */
export function openSeal(bytes: Uint8Array, length: number, size: number): Seal | FileFault {
  if (length < SMALLEST) return truncated(size, SMALLEST);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const version = view.getUint16(VERSION_AT, true);
  const flags = view.getUint16(FLAGS_AT, true);
  if (version !== VERSION || flags !== 0) {
    const shown = flags === 0 ? `${version}` : `${version} flags 0x${flags.toString(16).padStart(4, '0')}`;
    return { code: 'ERR_TANDEM_BIN_VERSION', offset: VERSION_AT, params: { version: shown } };
  }
  const summaryEnd = SUMMARY_AT + view.getUint32(SUMMARY_LENGTH_AT, true);
  const jsonStart = summaryEnd + 4;
  const stated = BigInt(jsonStart) + view.getBigUint64(JSON_LENGTH_AT, true);
  if (jsonStart > length) return truncated(size, stated);
  const head = bytes.subarray(0, summaryEnd);
  if (crc32(head) !== view.getUint32(summaryEnd, true)) {
    return { code: 'ERR_TANDEM_BIN_CHECKSUM', offset: summaryEnd, params: { part: 'header' } };
  }
  if (stated > BigInt(size)) return truncated(size, stated);
  if (stated < BigInt(size)) {
    const params = { actual: size, stated: Number(stated) };
    return { code: 'ERR_TANDEM_BIN_TRAILING', offset: Number(stated), params };
  }
  return {
    tableVersion: view.getUint32(TABLE_AT, true),
    summaryStart: SUMMARY_AT,
    summaryEnd,
    jsonStart,
    jsonEnd: size,
    jsonCrc: view.getUint32(JSON_CRC_AT, true),
  };
}

/**
 * The fault of a document that is not the one that was sealed, or null. The whole file must be in `bytes`.
 */
export function checkSealedDocument(bytes: Uint8Array, seal: Seal): FileFault | null {
  if (crc32(bytes.subarray(seal.jsonStart, seal.jsonEnd)) === seal.jsonCrc) return null;
  return { code: 'ERR_TANDEM_BIN_CHECKSUM', offset: JSON_CRC_AT, params: { part: 'document' } };
}

/**
 * The fault of a summary that does not match the document; null if it matches, or if it was made with another
 * table.
 */
export function checkSealedSummary(bytes: Uint8Array, seal: Seal, computed: string): FileFault | null {
  if (!isCurrentTable(seal)) return null;
  const stored = bytes.subarray(seal.summaryStart, seal.summaryEnd);
  return Buffer.from(computed).equals(stored) ? null : { code: 'ERR_TANDEM_BIN_SUMMARY', offset: SUMMARY_AT };
}

function truncated(size: number, stated: number | bigint): FileFault {
  return { code: 'ERR_TANDEM_BIN_TRUNCATED', offset: size, params: { actual: size, stated: String(stated) } };
}
