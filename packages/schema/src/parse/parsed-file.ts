import { readFileSync } from 'node:fs';
import { TextPlaces, toFsPath } from '@tandem/files';
import type { Finding } from '@tandem/job';
import { tellFinding } from '../finding.ts';
import { endOfGap } from '../lexer/gap.ts';
import { splitStatements } from '../lexer/split-statements.ts';
import { maskedSql } from './masked-sql.ts';
import type { ParsedStatement, SqlParser } from './sql-parser.ts';

/**
 * The size in bytes from which a text is parsed statement by statement: the tree of the whole text would take
 * many times its size at once.
 */
const LARGE = 1024 * 1024;

/** A file and the result of PostgreSQL's parser. */
export interface ParsedFile {
  /** Each `start` is the offset of the statement's first token. */
  readonly statements: Iterable<ParsedStatement>;
  /** The errors of the parser; complete once all statements have been iterated. */
  readonly findings: readonly Finding[];
}

/**
 * Reads and parses a file that has been found to be UTF-8 and to leave nothing open. If it has an error,
 * every statement is parsed by itself, so that all errors are reported.
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
