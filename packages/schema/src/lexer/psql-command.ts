import { CLASSES, IN_WORD, SPACE } from './byte-classes.ts';
import { isWord } from './statement-words.ts';

const BACKSLASH_BYTE = 0x5c;
const QUOTE_BYTE = 0x27;
const DOUBLE_QUOTE_BYTE = 0x22;
const BACK_QUOTE_BYTE = 0x60;
const PIPE_BYTE = 0x7c;
const OPEN_BYTE = 0x28;
const CLOSE_BYTE = 0x29;
/** No psql command is this long; a longer word is not a command and is not looked up. */
const LONGEST_WORD = 16;

/** Commands that take the whole line, including backslashes (command.c, OT_WHOLE_LINE). */
const WHOLE_LINE = new Set(['!', 'copy', 'ef', 'ev', 'h', 'help', 'sf', 'sf+', 'sv', 'sv+']);
/**
 * Commands with an argument that takes the rest of the line if it begins with a vertical bar (OT_FILEPIPE).
 */
const TO_PIPE = new Set(['g', 'gx', 'o', 'out', 'w', 'write']);
/**
 * Commands that send the statement collected so far, or discard it: the statement ends before them
 * (PSQL_CMD_SEND, \r, \watch).
 */
const ENDING = new Set([
  ...['g', 'gx', 'gset', 'gexec', 'gdesc', 'crosstabview', 'watch', 'r', 'reset', 'parse', 'close_prepared'],
  ...['startpipeline', 'sendpipeline', 'syncpipeline', 'endpipeline', 'flush', 'flushrequest', 'getresults'],
]);

/** A backslash command. */
export interface PsqlCommand {
  /** The offset after the backslash and the word. */
  readonly wordEnd: number;
  /**
   * The offset after the command: the end of its line, after a `\\`, or at the backslash of the next command.
   */
  readonly end: number;
  /** Whether an unfinished statement ends before it. */
  readonly ends: boolean;
  /** \copy ... from stdin: lines of data follow. */
  readonly copiesIn: boolean;
}

/**
 * Reads the command whose backslash is at `at` (psqlscanslash.l).
 * @param lineEnd the end of its line; a line may contain as many commands as it has bytes, so it is not
 *   searched for here
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

/** Only '...' supports backslash escapes; the end of the line ends every quote. */
function behindArgumentQuote(text: Uint8Array, at: number, lineEnd: number): number {
  const quote = text[at];
  for (let p = at + 1; p < lineEnd; p++) {
    if (text[p] === quote) return p + 1;
    if (text[p] === BACKSLASH_BYTE && quote === QUOTE_BYTE) p++;
  }
  return lineEnd;
}

/**
 * The first FROM or TO outside of quotes and parentheses determines the direction (copy.c, parse_slash_copy).
 */
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
