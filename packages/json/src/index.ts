import './generated/error-codes.ts';

export { KeyTable } from './key-table.ts';
export { countOf, isJsonNumber } from './number.ts';
export { sameTokens } from './same-tokens.ts';
export type { ScanFault } from './scan-fault.ts';
export { Scanner, type TapeDetail } from './scanner.ts';
export { Kind, Tape, WORDS } from './tape.ts';
export { decodeText, encodeText, unescapedBytes, unescapeInto, writeJsonString } from './text.ts';
export { writeJson } from './write.ts';
