import { readFileSync } from 'node:fs';
import { type ErrorCode, TandemError } from '@tandem/engine';
import { errnoOf, placeOf, toFsPath } from '@tandem/files';
import { type Finding, tellFinding } from '../finding.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import type { Definition } from './definition.ts';
import { StandingObjects, shownObject } from './standing-objects.ts';

/** What a statement of a file creates, drops or sets. */
export interface FileDefinition extends Definition {
  /** Index of the file. */
  readonly file: number;
  /** Bytes from its start to the statement. */
  readonly offset: number;
}

/**
 * The objects that are created twice.
 * @param definitions in the order in which their statements are run
 */
export function createdTwice(
  files: readonly SelectedFile[],
  definitions: Iterable<FileDefinition>,
): Finding[] {
  const created = new StandingObjects<FileDefinition>();
  const findings: Finding[] = [];
  for (const definition of definitions) {
    const first = created.add(definition, definition);
    if (first !== null) findings.push(told(files, definition, first));
  }
  return findings;
}

/** Most schemas have none of these, so lines are counted when there is one. */
function told(files: readonly SelectedFile[], definition: FileDefinition, first: FileDefinition): Finding {
  const code: ErrorCode =
    definition.how === 'lenient' ? 'ERR_TANDEM_SQL_CREATED_AGAIN' : 'ERR_TANDEM_SQL_CREATED_TWICE';
  const { path } = files[definition.file] as SelectedFile;
  const firstPath = (files[first.file] as SelectedFile).path;
  const { line, column } = placeIn(path, definition.offset);
  const params = {
    what: shownObject(definition),
    first: `${shownPath(firstPath)}:${placeIn(firstPath, first.offset).line}`,
  };
  return tellFinding({ file: definition.file, code, offset: definition.offset, line, column, params }, path);
}

function placeIn(path: string, offset: number): { readonly line: number; readonly column: number } {
  try {
    return placeOf(readFileSync(toFsPath(path)), 0, offset);
  } catch (cause) {
    // It was there a moment ago.
    if (errnoOf(cause) === '') throw cause;
    throw new TandemError('ERR_TANDEM_CHANGED', { path: shownPath(path), cause });
  }
}
