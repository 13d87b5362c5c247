import { placeOf } from '@tandem/files';
import { splitStatements } from '../lexer/split-statements.ts';

/** What a line of a file says that it needs. */
export interface SaidNeed {
  /** From 1. */
  readonly line: number;
  readonly target: string;
}

const SAYS = /^--[ \t]*(?:tandem:[ \t]*requires[ \t]*:?|requires[ \t]*:)(?<targets>.*)$/;
const END_OF_DATA = '\\.';
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0x0b, 0x0c]);
const DASH = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;

/** What the comments between the statements of a file say that it requires: spec/schema/needs.md. The text is UTF-8. */
export function readNeeds(text: Buffer): SaidNeed[] {
  const needs: SaidNeed[] = [];
  let from = startsWithBom(text) ? 3 : 0;
  for (const { start, end, dataEnd } of splitStatements(text)) {
    readGap(text, from, start, needs);
    // Behind data stands the line that ends it.
    from = dataEnd === undefined ? Math.max(from, end) : dataEnd + END_OF_DATA.length;
  }
  readGap(text, from, text.length, needs);
  return needs;
}

function startsWithBom(text: Uint8Array): boolean {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
}

/** Reads spaces and comments; what else begins there is a statement that a command of psql stands in. */
function readGap(text: Buffer, from: number, to: number, needs: SaidNeed[]): void {
  for (let at = from; at < to; ) {
    if (SPACE.has(text[at] as number)) at++;
    else if (text[at] === DASH && text[at + 1] === DASH) {
      const end = lineEnd(text, at, to);
      readLine(text, at, end, needs);
      at = end;
    } else if (text[at] === SLASH && text[at + 1] === STAR) at = commentEnd(text, at, to);
    else return;
  }
}

function readLine(text: Buffer, at: number, end: number, needs: SaidNeed[]): void {
  const targets = SAYS.exec(text.toString('utf8', at, end))?.groups?.['targets'];
  if (targets === undefined) return;
  const { line } = placeOf(text, 0, at);
  for (const each of targets.split(',')) {
    const target = each.trim();
    if (target !== '') needs.push({ line, target });
  }
}

function lineEnd(text: Buffer, at: number, to: number): number {
  let end = at;
  while (end < to && text[end] !== 0x0a && text[end] !== 0x0d) end++;
  return end;
}

function commentEnd(text: Buffer, at: number, to: number): number {
  let depth = 1;
  let end = at + 2;
  for (; end < to && depth > 0; end++) {
    if (text[end] === SLASH && text[end + 1] === STAR) depth++;
    else if (text[end] === STAR && text[end + 1] === SLASH) depth--;
    else continue;
    end++;
  }
  return end;
}
