import type { StoredFormat } from '../generated/formats.ts';
import { BIN } from './bin.ts';
import type { Codec, TextCodec } from './codec.ts';
import { LEGACY } from './legacy.ts';
import { RKYV } from './rkyv.ts';

const JSON_TEXT: TextCodec = {
  holds: 'text',
  isCompact: false,
  textStart: () => 0,
  encode: (text) => Buffer.from(text),
};

/** How each form is read and written. Whatever depends on a form asks here. */
export const CODECS: Readonly<Record<StoredFormat, Codec>> = {
  json: JSON_TEXT,
  bin: BIN,
  rkyv: RKYV,
  legacy: LEGACY,
};
