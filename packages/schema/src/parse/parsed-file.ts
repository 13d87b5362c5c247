import { readFileSync } from 'node:fs';
import { toFsPath } from '@tandem/files';
import { type Finding, tellFinding } from '../finding.ts';
import { endOfGap } from '../lexer/gap.ts';
import { splitStatements } from '../lexer/split-statements.ts';
import { TextPlaces } from '../text-places.ts';
import { maskedSql } from './masked-sql.ts';
import type { ParsedStatement, SqlParser } from './sql-parser.ts';

/** Bytes of a text from which on it is parsed statement by statement: its tree would take many times its size, all at once. */
const LARGE = 1024 * 1024;

/** A file and what PostgreSQL's parser makes of it. */
export interface ParsedFile {
  /** Each `start` is that of the statement's first token. */
  readonly statements: Iterable<ParsedStatement>;
  /** What the parser does not take; known when the statements have been gone through. */
  readonly findings: readonly Finding[];
}

/**
 * Reads and parses a file that was found to be UTF-8 and closed. Where it is not right every statement is parsed by itself, so that all that is
 * wrong is told.
 * @param index of the file, for findings
 */
export function parseFile(parser: SqlParser, index: number, path: string): ParsedFile {
  const text = maskedSql(readFileSync(toFsPath(path)));
  const findings: Finding[] = [];
  const places = new TextPlaces(text);
  return { statements: statements(), findings };

  function* statements(): Generator<ParsedStatement, void, undefined> {
    const whole = text.length < LARGE ? parser.parse(text) : null;
    for (const each of whole === null || 'problem' in whole ? eachParsed(parser, text, tell) : whole) {
      const { start, end } = each;
      yield { ...each, start: Math.max(start, endOfGap(text, start, end)) };
    }
  }

  function tell(offset: number, problem: string): void {
    const params = { problem };
    findings.push(
      tellFinding({ file: index, code: 'ERR_TANDEM_SQL_SYNTAX', offset, ...places.at(offset), params }, path),
    );
  }
}

function* eachParsed(
  parser: SqlParser,
  text: Buffer,
  tell: (offset: number, problem: string) => void,
): Generator<ParsedStatement, void, undefined> {
  for (const { start, end } of splitStatements(text)) {
    const parsed = parser.parse(text.subarray(start, end));
    if ('problem' in parsed) tell(start + parsed.offset, parsed.problem);
    else for (const each of parsed) yield { ...each, start: start + each.start, end: start + each.end };
  }
}
