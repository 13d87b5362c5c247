import { TandemError } from '@tandem/engine';
import type { Finding } from '@tandem/job';
import { createdTwice, type FileDefinition } from '../definitions/created-twice.ts';
import { parsedDefinitions } from '../definitions/parsed-definitions.ts';
import { parseFile } from '../parse/parsed-file.ts';
import { SqlParser } from '../parse/sql-parser.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

/**
 * What PostgreSQL's own parser finds in the files, in their order: statements that it rejects, and objects
 * that are created twice. The files have already been found to be UTF-8 and to leave nothing open.
 */
export async function parseCheck(
  files: readonly SelectedFile[],
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const parser = await SqlParser.load();
  const findings: Finding[] = [];
  const definitions: FileDefinition[] = [];
  for (const [index, file] of files.entries()) {
    if (signal?.aborted) throw new TandemError('ERR_TANDEM_ABORTED', { cause: signal.reason });
    const parsed = parseFile(parser, index, file.path);
    for (const { tree, start: offset } of parsed.statements) {
      for (const definition of parsedDefinitions(tree))
        definitions.push({ ...definition, file: index, offset });
    }
    for (const finding of parsed.findings) findings.push(finding);
    // Parsing blocks the thread; an abort signal is delivered only between two files.
    if (index % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
  }
  return [...findings, ...createdTwice(files, definitions)];
}
