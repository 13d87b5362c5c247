import { Kind } from './tape.ts';

/** 1 for every byte that represents itself in a string. */
export const STRING_PLAIN: Uint8Array = plainStringBytes();
const HEX = hexDigits();
const SIMPLE_ESCAPE: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

/** null, true or false. */
export interface Literal {
  readonly name: string;
  readonly kind: number;
  readonly bytes: Uint8Array;
}

/** The literal that begins with a given byte. */
export const LITERAL_OF: readonly (Literal | undefined)[] = literalsByFirstByte();

/** The index up to which the bytes from `p` on match the literal. */
export function literalEnd(b: Uint8Array, p: number, { bytes }: Literal): number {
  let same = 0;
  while (same < bytes.length && b[p + same] === bytes[same]) same++;
  return p + same;
}

/**
 * The index after the escape that begins at `p`; 0 if it is invalid; past `end` if the text ends too early to
 * decide.
 */
export function escapeEnd(b: Uint8Array, p: number, end: number): number {
  if (p + 1 >= end) return end + 1;
  const c = b[p + 1] as number;
  if (c !== 0x75) return SIMPLE_ESCAPE.has(c) ? p + 2 : 0;
  for (let at = p + 2; at < p + 6; at++) {
    if (at >= end) return end + 1;
    if (HEX[b[at] as number] === 0) return 0;
  }
  return p + 6;
}

function plainStringBytes(): Uint8Array {
  const table = new Uint8Array(256).fill(1, 0x20);
  table[0x22] = 0;
  table[0x5c] = 0;
  return table;
}

function hexDigits(): Uint8Array {
  const table = new Uint8Array(256);
  for (const digit of '0123456789abcdefABCDEF') table[digit.charCodeAt(0)] = 1;
  return table;
}

function literalsByFirstByte(): readonly (Literal | undefined)[] {
  const table = new Array<Literal | undefined>(256).fill(undefined);
  for (const name of ['null', 'false', 'true'] as const) {
    table[name.charCodeAt(0)] = { name, kind: Kind[name], bytes: Buffer.from(name) };
  }
  return table;
}
