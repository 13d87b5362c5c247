import { readFileSync } from 'node:fs';
import { type ErrorCode, type ErrorParams, TandemError } from '@tandem/engine';
import { placeOf, toFsPath } from '@tandem/files';
import { createdTwice, type FileDefinition } from '../definitions/created-twice.ts';
import { parsedDefinitions } from '../definitions/parsed-definitions.ts';
import { type Finding, tellFinding } from '../finding.ts';
import { endOfGap } from '../lexer/gap.ts';
import { splitStatements } from '../lexer/split-statements.ts';
import { maskedSql } from '../parse/masked-sql.ts';
import { type ParsedStatement, SqlParser } from '../parse/sql-parser.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

/**
 * What PostgreSQL's own parser finds in the files, in their order: statements that it does not take, and objects that are created twice.
 * The files were found to be UTF-8 and closed.
 */
export async function parseCheck(
  files: readonly SelectedFile[],
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const parser = await SqlParser.load();
  const check = new ParseCheck(parser);
  for (const [index, file] of files.entries()) {
    if (signal?.aborted) throw new TandemError('ERR_TANDEM_ABORTED', { cause: signal.reason });
    check.file(index, file.path);
    // Parsing holds the thread; a signal is heard between two files.
    if (index % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
  }
  return [...check.findings, ...createdTwice(files, check.definitions)];
}

class ParseCheck {
  readonly findings: Finding[] = [];
  readonly definitions: FileDefinition[] = [];
  readonly #parser: SqlParser;

  constructor(parser: SqlParser) {
    this.#parser = parser;
  }

  file(index: number, path: string): void {
    const text = maskedSql(readFileSync(toFsPath(path)));
    const tell = (code: ErrorCode, offset: number, params: ErrorParams): void => {
      const { line, column } = placeOf(text, 0, offset);
      this.findings.push(tellFinding({ file: index, code, offset, line, column, params }, path));
    };
    for (const statement of this.#statements(text, tell)) this.#define(index, statement, text);
  }

  /** Those of a whole text; where it is not right, each statement by itself, so that all that is wrong is told. */
  *#statements(
    text: Buffer,
    tell: (code: ErrorCode, offset: number, params: ErrorParams) => void,
  ): Generator<ParsedStatement, void, undefined> {
    const whole = this.#parser.parse(text);
    if (!('problem' in whole)) {
      yield* whole;
      return;
    }
    for (const { start, end } of splitStatements(text)) {
      const parsed = this.#parser.parse(text.subarray(start, end));
      if ('problem' in parsed)
        tell('ERR_TANDEM_SQL_SYNTAX', start + parsed.offset, { problem: parsed.problem });
      else for (const each of parsed) yield { ...each, start: start + each.start, end: start + each.end };
    }
  }

  #define(file: number, { tree, start, end }: ParsedStatement, text: Buffer): void {
    const definitions = parsedDefinitions(tree);
    if (definitions.length === 0) return;
    const offset = Math.max(start, endOfGap(text, start, end));
    for (const definition of definitions) this.definitions.push({ ...definition, file, offset });
  }
}
