/**
 * The first eight bytes of Tandem's binary formats: a byte that no text begins with, a name, and CR LF, which
 * a transfer in text mode would change (as in PNG).
 */
export const BIN_MAGIC: Uint8Array = Uint8Array.of(0x89, 0x54, 0x4e, 0x44, 0x4d, 0x42, 0x0d, 0x0a);
export const RKYV_MAGIC: Uint8Array = Uint8Array.of(0x89, 0x54, 0x4e, 0x44, 0x4d, 0x52, 0x0d, 0x0a);
