import type { Tape } from '@tandem/json';
import type { FileFault } from '../fault.ts';
import type { Summary } from '../summary.ts';

/** How one form of sidecars is read and written. */
export type Codec = TextCodec | TapeCodec;

/** A form that holds JSON text, which extends to the end of the file. */
export interface TextCodec {
  readonly holds: 'text';
  /** Whether convert writes the text without white space, as the older tool does. */
  readonly isCompact: boolean;
  /** The offset of the text of a whole file, bytes[0, length), or the fault of what is stored around it. */
  textStart(bytes: Uint8Array, length: number): number | FileFault;
  /** Of a form that seals a summary with the text: the fault of a file whose summary is not this one, or null. */
  checkSummary?(bytes: Uint8Array, length: number, summary: Summary): FileFault | null;
  /** A file with this text, which is copied. */
  encode(text: Uint8Array, summary: () => Summary): Buffer;
}

/** A form that holds a tape, which is read in place. */
export interface TapeCodec {
  readonly holds: 'tape';
  reader(maxDepth: number): TapeReader;
  /** A file with a full tape. Throws RangeError if it would be too large. */
  encode(tape: Tape): Buffer;
}

/** Opens files of one form, one after another, and reuses its memory. */
export interface TapeReader {
  /** The tape of a whole file, bytes[0, length), or its fault. */
  open(bytes: Uint8Array, length: number): Tape | FileFault;
}
