import type { TextCodec } from './codec.ts';

/** Bytes of the length field before the JSON text. */
export const LEGACY_HEADER = 8;

export const LEGACY: TextCodec = {
  holds: 'text',
  isCompact: true,
  textStart: () => LEGACY_HEADER,
  encode: (text) => encodeLegacy(text),
};

/** The length in the older tool's header: u64, little-endian. Rounded above 2^53, which no file reaches. */
export function legacyLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, LEGACY_HEADER);
  return view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
}

/** A file as the older tool writes it, from compact JSON. */
export function encodeLegacy(json: Uint8Array): Buffer {
  const file = Buffer.allocUnsafe(LEGACY_HEADER + json.length);
  file.writeBigUInt64LE(BigInt(json.length), 0);
  file.set(json, LEGACY_HEADER);
  return file;
}
