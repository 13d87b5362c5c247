import { TextPlaces } from '@tandem/files';
import { bomLength } from '../lexer/bom.ts';
import { beginsBlockComment, beginsLineComment, endOfBlockComment, endOfLine } from '../lexer/gap.ts';
import { splitStatements } from '../lexer/split-statements.ts';

/** A need that a line of a file declares. */
export interface SaidNeed {
  /** From 1. */
  readonly line: number;
  readonly target: string;
}

const SAYS = /^--[ \t]*(?:tandem:[ \t]*requires[ \t]*:?|requires[ \t]*:)(?<targets>.*)$/;
const END_OF_DATA = '\\.';
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0x0b, 0x0c]);

/**
 * The needs that the comments between the statements of a file declare: spec/schema/needs.md. The text is
 * UTF-8.
 */
export function readNeeds(text: Buffer): SaidNeed[] {
  const needs: SaidNeed[] = [];
  const places = new TextPlaces(text);
  let from = bomLength(text);
  for (const { start, end, dataEnd } of splitStatements(text)) {
    readGap(text, from, start, places, needs);
    // Data is followed by the line that ends it.
    from = dataEnd === undefined ? Math.max(from, end) : dataEnd + END_OF_DATA.length;
  }
  readGap(text, from, text.length, places, needs);
  return needs;
}

/** Reads spaces and comments; anything else begins a statement that contains a psql command. */
function readGap(text: Buffer, from: number, to: number, places: TextPlaces, needs: SaidNeed[]): void {
  for (let at = from; at < to; ) {
    if (SPACE.has(text[at] as number)) at++;
    else if (beginsLineComment(text, at, to)) {
      const end = endOfLine(text, at, to);
      readLine(text, at, end, places, needs);
      at = end;
    } else if (beginsBlockComment(text, at, to)) {
      const end = endOfBlockComment(text, at, to);
      if (end < 0) return;
      at = end;
    } else return;
  }
}

function readLine(text: Buffer, at: number, end: number, places: TextPlaces, needs: SaidNeed[]): void {
  const targets = SAYS.exec(text.toString('utf8', at, end))?.groups?.['targets'];
  if (targets === undefined) return;
  const { line } = places.at(at);
  for (const each of targets.split(',')) {
    const target = each.trim();
    if (target !== '') needs.push({ line, target });
  }
}
