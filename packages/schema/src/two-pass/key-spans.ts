import { IN_WORD, LF } from '../lexer/byte-classes.ts';
import type { WrittenKey } from './foreign-key.ts';
import { type TableToken, tableTokens } from './table-tokens.ts';

/** Bytes [start, end) of a statement. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The properties of a table other than its keys. */
export interface TableShape {
  /** The offset of its name. */
  readonly nameAt: number;
  /**
   * Whether `()` may be empty: not in PARTITION OF and OF, where the parentheses must be removed with the
   * last key.
   */
  readonly mayBeEmpty: boolean;
}

const SPACE = 0x20;
const TAB = 0x09;

/**
 * The spans to remove from a CREATE TABLE so that its keys are gone: the keys, the commas that they leave
 * behind, the blanks before them, and the whole line if nothing else is on it. In order, none of them
 * touching another. Comments stay, unless they are within a key.
 */
export function keySpans(statement: Uint8Array, keys: readonly WrittenKey[], shape: TableShape): Span[] {
  const tokens = tableTokens(statement);
  const elements = elementsOf(tokens, shape.nameAt);
  const gone = new Set(keys.flatMap(({ element }) => (element === null ? [] : [element])));
  const lastKept = elements.findLastIndex((_, index) => !gone.has(index));
  const spans: Span[] = [];
  for (const [index, { first, behind }] of elements.entries()) {
    if (gone.has(index)) spans.push(spanOf(tokens, first, behind));
    const separator = tokens[behind];
    if (separator?.kind === 'comma' && (gone.has(index) || index >= lastKept)) spans.push(separator);
  }
  if (lastKept < 0 && !shape.mayBeEmpty) spans.push(...parenthesesAround(tokens, elements));
  for (const { element, pieces } of keys) {
    if (element !== null) continue;
    for (const { start, until } of pieces) {
      const first = indexAt(tokens, start);
      spans.push(spanOf(tokens, first, until === null ? boundary(tokens, first) : indexAt(tokens, until)));
    }
  }
  return merged(merged(spans).map((span) => tidied(statement, span)));
}

/** An element from its first token to the token after it, `,` or `)`. */
interface Element {
  readonly first: number;
  readonly behind: number;
}

function elementsOf(tokens: readonly TableToken[], nameAt: number): readonly Element[] {
  const opening = tokens.findIndex(({ start, kind }) => start >= nameAt && kind === 'open');
  const elements: Element[] = [];
  for (let first = opening + 1; first < tokens.length; ) {
    const behind = boundary(tokens, first);
    elements.push({ first, behind });
    if (tokens[behind]?.kind !== 'comma') break;
    first = behind + 1;
  }
  return elements;
}

/** The `,` or `)` that ends the element that contains a token. */
function boundary(tokens: readonly TableToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const kind = tokens[at]?.kind;
    if (kind === 'open' || kind === 'open bracket') depth++;
    else if (depth === 0 && (kind === 'close' || kind === 'comma')) return at;
    else if (kind === 'close' || kind === 'close bracket') depth--;
  }
  return tokens.length;
}

function indexAt(tokens: readonly TableToken[], offset: number): number {
  const index = tokens.findIndex(({ start }) => start >= offset);
  return index < 0 ? tokens.length : index;
}

function spanOf(tokens: readonly TableToken[], first: number, behind: number): Span {
  return { start: tokens[first]?.start ?? 0, end: tokens[behind - 1]?.end ?? 0 };
}

function parenthesesAround(tokens: readonly TableToken[], elements: readonly Element[]): Span[] {
  const opening = tokens[(elements[0]?.first ?? 0) - 1];
  const closing = tokens[elements.at(-1)?.behind ?? 0];
  return [opening, closing].filter((token) => token !== undefined);
}

/** A span with the blanks before it, and with its whole line if nothing else is on the line. */
function tidied(statement: Uint8Array, span: Span): Span {
  const isBlank = (at: number): boolean => statement[at] === SPACE || statement[at] === TAB;
  const isInWord = (at: number): boolean => IN_WORD[statement[at] as number] === 1;
  let { start, end } = span;
  while (isBlank(start - 1)) start--;
  if (statement[start - 1] === LF) {
    let rest = end;
    while (isBlank(rest)) rest++;
    if (statement[rest] === LF) end = rest + 1;
  } else if (start < span.start && isInWord(start - 1) && isInWord(end)) {
    // The remaining text would run together: int REFERENCES b(id)NOT NULL.
    start++;
  }
  return { start, end };
}

/** In order, with spans that touch or overlap merged. */
function merged(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.start - other.start || one.end - other.end)) {
    const last = all.at(-1);
    if (last !== undefined && span.start <= last.end) {
      all[all.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else all.push(span);
  }
  return all;
}
