import { CLASSES, IN_WORD, SPACE } from './byte-classes.ts';
import { isWord } from './statement-words.ts';

const BACKSLASH_BYTE = 0x5c;
const QUOTE_BYTE = 0x27;
const DOUBLE_QUOTE_BYTE = 0x22;
const BACK_QUOTE_BYTE = 0x60;
const PIPE_BYTE = 0x7c;
const OPEN_BYTE = 0x28;
const CLOSE_BYTE = 0x29;
/** No command of psql is as long; a longer one is none and is not looked up. */
const LONGEST_WORD = 16;

/** They take the whole line, backslashes and all (command.c, OT_WHOLE_LINE). */
const WHOLE_LINE = new Set(['!', 'copy', 'ef', 'ev', 'h', 'help', 'sf', 'sf+', 'sv', 'sv+']);
/** An argument of theirs that begins with a bar takes the rest of the line (OT_FILEPIPE). */
const TO_PIPE = new Set(['g', 'gx', 'o', 'out', 'w', 'write']);
/** They send what was gathered of a statement, or throw it away: it ends before them (PSQL_CMD_SEND, \r, \watch). */
const ENDING = new Set([
  ...['g', 'gx', 'gset', 'gexec', 'gdesc', 'crosstabview', 'watch', 'r', 'reset', 'parse', 'close_prepared'],
  ...['startpipeline', 'sendpipeline', 'syncpipeline', 'endpipeline', 'flush', 'flushrequest', 'getresults'],
]);

/** A backslash command. */
export interface PsqlCommand {
  /** Behind the backslash and the word. */
  readonly wordEnd: number;
  /** Behind the command: its line's end, or a `\\`, or the backslash of the next one. */
  readonly end: number;
  /** A statement that is not ended yet ends before it. */
  readonly ends: boolean;
  /** \copy ... from stdin: lines of data follow. */
  readonly copiesIn: boolean;
}

/**
 * Reads the command whose backslash stands at `at` (psqlscanslash.l).
 * @param lineEnd where its line ends; a line may hold as many commands as it has bytes, so it is not looked for here
 */
export function readPsqlCommand(text: Uint8Array, at: number, lineEnd: number): PsqlCommand {
  let wordEnd = at + 1;
  while (
    wordEnd < lineEnd &&
    CLASSES[text[wordEnd] as number] !== SPACE &&
    text[wordEnd] !== BACKSLASH_BYTE
  ) {
    wordEnd++;
  }
  const word =
    wordEnd - at > LONGEST_WORD ? '' : Buffer.from(text.subarray(at + 1, wordEnd)).toString('latin1');
  const isWhole = wordEnd === at + 1 || WHOLE_LINE.has(word);
  return {
    wordEnd,
    end: isWhole ? lineEnd : endOfArguments(text, wordEnd, lineEnd, TO_PIPE.has(word)),
    ends: ENDING.has(word),
    copiesIn: word === 'copy' && isCopyFromStdin(text, wordEnd, lineEnd),
  };
}

function endOfArguments(text: Uint8Array, at: number, lineEnd: number, toPipe: boolean): number {
  let p = at;
  while (p < lineEnd) {
    const byte = text[p] as number;
    if (byte === BACKSLASH_BYTE) return text[p + 1] === BACKSLASH_BYTE && p + 1 < lineEnd ? p + 2 : p;
    if (byte === QUOTE_BYTE || byte === DOUBLE_QUOTE_BYTE || byte === BACK_QUOTE_BYTE) {
      p = behindArgumentQuote(text, p, lineEnd);
    } else if (byte === PIPE_BYTE && toPipe && CLASSES[text[p - 1] as number] === SPACE) return lineEnd;
    else p++;
  }
  return lineEnd;
}

/** Only '...' knows backslashes; the line ends every quote. */
function behindArgumentQuote(text: Uint8Array, at: number, lineEnd: number): number {
  const quote = text[at];
  for (let p = at + 1; p < lineEnd; p++) {
    if (text[p] === quote) return p + 1;
    if (text[p] === BACKSLASH_BYTE && quote === QUOTE_BYTE) p++;
  }
  return lineEnd;
}

/** The first FROM or TO outside of quotes and parentheses says where to (copy.c, parse_slash_copy). */
function isCopyFromStdin(text: Uint8Array, at: number, lineEnd: number): boolean {
  let depth = 0;
  let isFrom = false;
  for (let p = at; p < lineEnd; ) {
    const byte = text[p] as number;
    const begun = p;
    if (byte === QUOTE_BYTE || byte === DOUBLE_QUOTE_BYTE) {
      p = behindArgumentQuote(text, p, lineEnd);
    } else if (IN_WORD[byte] === 1) {
      while (p < lineEnd && IN_WORD[text[p] as number] === 1) p++;
    } else {
      p++;
      if (CLASSES[byte] === SPACE) continue;
      if (byte === OPEN_BYTE) depth++;
      else if (byte === CLOSE_BYTE) depth--;
    }
    if (isFrom) return isWord(text, begun, p, 'stdin') || isWord(text, begun, p, 'stdout');
    if (depth > 0) continue;
    if (isWord(text, begun, p, 'to')) return false;
    isFrom = isWord(text, begun, p, 'from');
  }
  return false;
}
