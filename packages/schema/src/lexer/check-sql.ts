import { type ErrorCode, type ErrorParams, LIMITS } from '@tandem/engine';
import type { Open } from './open.ts';
import { SqlLexer } from './sql-lexer.ts';

/** Receives findings, in the order of their offsets. */
export type TellFinding = (code: ErrorCode, offset: number, params?: ErrorParams) => void;

interface SqlFinding {
  readonly code: ErrorCode;
  readonly offset: number;
  readonly params?: ErrorParams;
}

/** The number of bytes of a command or delimiter that a message shows. */
const MAX_SHOWN = 64;

/**
 * The number of bytes between two pauses: a fraction of a millisecond for plain SQL, and 50 ms for the
 * slowest.
 */
const BETWEEN_PAUSES = 64 * 1024;

/**
 * Checks SQL as PostgreSQL and psql split it into tokens: spec/schema/lexer.md. The text is UTF-8 and
 * contains no NUL. The generator pauses now and then between two statements or commands, so that its caller
 * can give other tasks a turn, or stop.
 * @param visit receives every statement that is not between \if and \endif
 */
export function* checkSql(
  text: Uint8Array,
  tell: TellFinding,
  visit?: (start: number, end: number) => void,
): Generator<void, void, undefined> {
  const lexer = new SqlLexer(text);
  const findings: SqlFinding[] = [];
  let conditions = 0;
  let psqlLines = 0;
  let firstUntold = 0;
  let paused = 0;
  for (let found = lexer.next(); found !== 'end'; found = lexer.next()) {
    if (found === 'command' || found === 'forced') {
      const command = shown(text.subarray(lexer.start, lexer.wordEnd));
      if (psqlLines < LIMITS.psqlLinesTold) {
        findings.push({ code: 'ERR_TANDEM_SQL_PSQL_LINE', offset: lexer.start, params: { command } });
      } else if (psqlLines === LIMITS.psqlLinesTold) firstUntold = lexer.start;
      psqlLines++;
      if (command === '\\if') conditions++;
      else if (command === '\\endif' && conditions > 0) conditions--;
    } else if (found === 'statement' && conditions === 0) visit?.(lexer.start, lexer.end);
    if (lexer.end - paused < BETWEEN_PAUSES) continue;
    paused = lexer.end;
    yield;
  }
  const untold = psqlLines - LIMITS.psqlLinesTold;
  if (untold > 0) {
    const params = { count: String(untold) };
    findings.push({ code: 'ERR_TANDEM_SQL_MORE_PSQL_LINES', offset: firstUntold, params });
  }
  if (lexer.open !== null) findings.push(openFinding(lexer.open));
  // A statement that is left open begins before the commands inside it.
  if (findings.length > 1) findings.sort((one, other) => one.offset - other.offset);
  for (const { code, offset, params } of findings) tell(code, offset, params);
}

function openFinding(open: Open): SqlFinding {
  const offset = open.at;
  switch (open.what) {
    case 'comment':
      return { code: 'ERR_TANDEM_SQL_OPEN_COMMENT', offset };
    case 'statement':
      return { code: 'ERR_TANDEM_SQL_OPEN_STATEMENT', offset };
    case 'parenthesis':
      return { code: 'ERR_TANDEM_SQL_OPEN_PARENTHESIS', offset };
    case 'copy':
      return { code: 'ERR_TANDEM_SQL_OPEN_COPY', offset };
    default:
      return {
        code: 'ERR_TANDEM_SQL_OPEN_QUOTE',
        offset,
        params: { what: open.what, close: shown(open.close) },
      };
  }
}

/** Truncates long texts between two characters. */
function shown(bytes: Uint8Array): string {
  if (bytes.length <= MAX_SHOWN) return Buffer.from(bytes).toString();
  let end = MAX_SHOWN;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return `${Buffer.from(bytes.subarray(0, end)).toString()}...`;
}
