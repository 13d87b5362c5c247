import type { ErrorCode } from '@tandem/engine';

/** Where a text stops being JSON, and why. `offset` counts from the first byte of the text. */
export interface ScanFault {
  readonly code: ErrorCode;
  readonly offset: number;
  readonly expected?: string;
  readonly found?: string;
  readonly limit?: number;
}

/** The expected token in the fault of a text that ends inside a string. */
export const CLOSING_QUOTE: string = 'the closing quote';

/** The fault if something unexpected is at `at`, or if the text ends there. */
export function unexpected(
  b: Uint8Array,
  start: number,
  end: number,
  at: number,
  expected: string,
): ScanFault {
  if (at >= end) return { code: 'ERR_TANDEM_JSON_TRUNCATED', offset: end - start, expected };
  return { code: 'ERR_TANDEM_JSON_SYNTAX', offset: at - start, expected, found: spelled(b[at] as number) };
}

/** The fault of a string that is interrupted at `p` by neither a quote nor an escape. */
export function brokenString(p: number, start: number, end: number, byte: number): ScanFault {
  if (p >= end) return { code: 'ERR_TANDEM_JSON_TRUNCATED', offset: end - start, expected: CLOSING_QUOTE };
  return { code: 'ERR_TANDEM_JSON_CONTROL', offset: p - start, found: spelled(byte) };
}

/** A byte as messages show it: printable ASCII in quotes, any other byte as its number. */
export function spelled(byte: number): string {
  if (byte >= 0x21 && byte <= 0x7e) return `'${String.fromCharCode(byte)}'`;
  return `byte 0x${byte.toString(16).padStart(2, '0')}`;
}
