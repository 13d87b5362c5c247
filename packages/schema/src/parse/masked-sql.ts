import { bomLength } from '../lexer/bom.ts';
import { splitStatements } from '../lexer/split-statements.ts';

const SPACE = 0x20;
const LF = 0x0a;

/**
 * The text as the server would see it: a byte order mark, psql commands and the data of a COPY are replaced
 * with spaces, so that all offsets stay the same.
 */
export function maskedSql(text: Buffer): Buffer {
  const masked = Buffer.from(text);
  masked.fill(SPACE, 0, bomLength(text));
  for (const { start, end, kind, dataStart, dataEnd } of splitStatements(text)) {
    if (kind === 'psql') blank(masked, start, end);
    // Including the line that ends the data.
    if (dataStart !== undefined && dataEnd !== undefined) blank(masked, dataStart, lineEnd(text, dataEnd));
  }
  return masked;
}

function blank(bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) if (bytes[at] !== LF) bytes[at] = SPACE;
}

function lineEnd(text: Buffer, at: number): number {
  const feed = text.indexOf(LF, at);
  return feed < 0 ? text.length : feed;
}
