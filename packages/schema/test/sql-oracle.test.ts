import fc from 'fast-check';
import { loadModule, parseSync, scanSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkSql } from '../src/lexer/check-sql.ts';
import { type SqlStatement, splitStatements } from '../src/lexer/split-statements.ts';
import { sqlText } from './sql-fragments.ts';

/** Compares with PostgreSQL's own scanner and parser, in libpg-query. */

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 25) * 20;

beforeAll(loadModule);

const STATEMENTS = [
  ...[
    'SELECT 1',
    "SELECT 'é;''', E'\\';', \"a;\"\"b\", $$;$$, $é$;$é$",
    'SELECT a[1:2], b::text, 1.5e-3, .5, $1',
  ],
  ...[
    "SELECT 'a'\n';'",
    "SELECT E'a' \t\r\n '\\';'",
    "SELECT B'01', X'1f', N'a', U&'\\0041;', U&\"\\0041;\"",
  ],
  ...["SELECT U&'!0041' UESCAPE '!'", 'SELECT 2 */* ; */ 3 +-- ;\n4', 'SELECT - - 1, @ -5, 4 # 1'],
  ...[
    'CREATE TABLE s.t (a int DEFAULT 1, b text CHECK (b <> $a$;$a$))',
    'BEGIN',
    'COMMIT',
    'VALUES (1), (2)',
  ],
  ...[
    'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)',
    "COMMENT ON TABLE t IS 'it''s; one'",
  ],
  ...[
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END',
  ],
  ...[
    'CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END',
    "DO $$ BEGIN; /* ' */ END $$",
  ],
  ...['CREATE FUNCTION f(a int) RETURNS int RETURN CASE WHEN a > 1 THEN 2 END', 'SELECT 1 AS a$$, é$b$'],
  ...['COPY t TO STDOUT', "COPY t FROM '/tmp/;'", 'COPY (SELECT a FROM stdin) TO STDOUT WITH (FORMAT csv)'],
  ...['GRANT SELECT ON t TO a', 'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION begin()'],
];
const gap = fc
  .array(fc.constantFrom(' ', '\n', '\r\n', '\t', '\v', '/* ; */', '/* /* é */ ; */', "-- ;'\n", '-- é\r'), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''));
const script = fc
  .array(fc.tuple(gap, fc.constantFrom(...STATEMENTS), gap), { minLength: 1, maxLength: 6 })
  .chain((parts) => fc.tuple(fc.constant(parts), gap, fc.boolean()))
  .map(([parts, end, isEnded]) => parts.map((part) => part.join('')).join(';') + (isEnded ? `;${end}` : ''));

/**
 * Without the semicolon and the space before it: where a statement ends for the parser depends on the
 * comments there.
 */
function withoutEnd(bytes: Buffer, { start, end }: SqlStatement): string {
  return bytes.subarray(start, bytes[end - 1] === 0x3b ? end - 1 : end).toString();
}

describe('PostgreSQL', () => {
  it('parses the same statements', () => {
    fc.assert(
      fc.property(script, (text) => {
        const bytes = Buffer.from(text);
        const parsed = (parseSync(text).stmts ?? []).map(({ stmt_location: at = 0, stmt_len: length }) => {
          const end = length === undefined || length === 0 ? bytes.length : at + length;
          return { at, text: bytes.subarray(at, end).toString() };
        });
        const cut = [...splitStatements(bytes)].map((one) => ({
          at: one.start,
          text: withoutEnd(bytes, one),
        }));
        // For the parser, a statement without a semicolon ends with the text, including comments.
        const last = cut.at(-1);
        if (last !== undefined)
          last.text = parsed.at(-1)?.text.startsWith(last.text) ? (parsed.at(-1)?.text ?? '') : last.text;
        expect(cut).toEqual(parsed);
        const check = checkSql(bytes, (code) => expect(code).toBe('ERR_TANDEM_SQL_OPEN_STATEMENT'));
        for (const _ of check);
      }),
      { numRuns: RUNS },
    );
  });

  it('finds the same comment or quote open', () => {
    let compared = 0;
    fc.assert(
      fc.property(sqlText, (text) => {
        fc.pre(isForBoth(text));
        const bytes = Buffer.from(text);
        const verdict = scanned(text);
        fc.pre(verdict !== 'other');
        const told: { code: string; offset: number }[] = [];
        for (const _ of checkSql(bytes, (code, offset) => told.push({ code, offset })));
        const open = told.find(({ code }) => /COMMENT|QUOTE/.test(code));
        expect(open === undefined ? 'closed' : 'open').toBe(verdict);
        compared++;
        if (open === undefined) return;
        // The text before is closed, and what begins there is not.
        expect(scanned(bytes.subarray(0, open.offset).toString())).not.toBe('open');
        const kind = open.code.endsWith('COMMENT')
          ? '/\\* comment'
          : '(?:quoted|bit string|hexadecimal|dollar-quoted)';
        const rest = bytes.subarray(open.offset).toString();
        // For the scanner, N is a word before a string.
        expect(() => parseSync(rest.replace(/^[nN]'/, "'"))).toThrow(new RegExp(`^unterminated ${kind}`));
      }),
      { numRuns: RUNS * 4 },
    );
    expect(compared).toBeGreaterThan(RUNS);
  });

  it('cuts the same tokens into the same statements', () => {
    fc.assert(
      fc.property(sqlText, (text) => {
        fc.pre(isForBoth(text) && scanned(text) === 'closed');
        const cut = [...splitStatements(Buffer.from(text))].map(({ start, end }) => [start, end]);
        expect(cut).toEqual(statementsOf(text));
      }),
      { numRuns: RUNS * 4 },
    );
  });
});

/**
 * The server knows neither psql commands nor a byte order mark. libpg-query makes tokens of comments, so for
 * it no string continues after one, as it does for the server. And it does not know junk after a parameter.
 */
function isForBoth(text: string): boolean {
  const isPsql = [...splitStatements(Buffer.from(text))].some(({ kind }) => kind === 'psql');
  return !isPsql && !text.startsWith('\ufeff') && !/'\s*--|\$\d+[A-Z_a-z\x80-\uffff]/.test(text);
}

/**
 * libpg-query does not pass on the whole message of its scanner: its first letters are in an error of
 * JSON.parse.
 */
function scanned(text: string): 'closed' | 'open' | 'other' {
  if (text === '') return 'closed';
  try {
    scanSync(text);
    return 'closed';
  } catch (error) {
    return /"unterminat/.test(String(error)) ? 'open' : 'other';
  }
}

/**
 * psql's rule on the tokens of the server: parentheses are counted, comments are not tokens, and there are no
 * empty statements.
 */
function statementsOf(text: string): number[][] {
  const statements: number[][] = [];
  let depth = 0;
  let start = -1;
  let last = 0;
  if (text === '') return statements;
  for (const token of scanSync(text).tokens) {
    if (/COMMENT$/.test(token.tokenName)) continue;
    if (token.text === ';' && start < 0) continue;
    if (start < 0) start = token.start;
    last = token.end;
    if (token.text === '(') depth++;
    if (token.text === ')') depth = Math.max(0, depth - 1);
    if (token.text !== ';' || depth > 0) continue;
    statements.push([start, token.end]);
    start = -1;
  }
  if (start >= 0) statements.push([start, last]);
  return statements;
}
