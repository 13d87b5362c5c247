import type { ErrorCode } from '@tandem/engine';
import { LineIndex, type Place, TextPlaces } from '@tandem/files';
import type { Finding } from '@tandem/job';
import { tellFinding } from '../finding.ts';
import { readAgain } from '../read-again.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import type { Definition } from './definition.ts';
import { StandingObjects, shownObject } from './standing-objects.ts';

/** What a statement of a file creates, drops or sets. */
export interface FileDefinition extends Definition {
  /** Index of the file. */
  readonly file: number;
  /** The offset of the statement, in bytes from the start of the file. */
  readonly offset: number;
}

/**
 * The objects that are created twice.
 * @param definitions in the order in which their statements run
 */
export function createdTwice(
  files: readonly SelectedFile[],
  definitions: Iterable<FileDefinition>,
): Finding[] {
  const created = new StandingObjects<FileDefinition>();
  const places = new DefinitionPlaces();
  const findings: Finding[] = [];
  for (const definition of definitions) {
    const first = created.add(definition, definition);
    if (first !== null) findings.push(told(files, definition, first, places));
  }
  return findings;
}

function told(
  files: readonly SelectedFile[],
  definition: FileDefinition,
  first: FileDefinition,
  places: DefinitionPlaces,
): Finding {
  const code: ErrorCode =
    definition.how === 'lenient' ? 'ERR_TANDEM_SQL_CREATED_AGAIN' : 'ERR_TANDEM_SQL_CREATED_TWICE';
  const { path } = files[definition.file] as SelectedFile;
  const firstPath = (files[first.file] as SelectedFile).path;
  const { line, column } = places.at(path, definition.offset);
  const params = {
    what: shownObject(definition),
    first: `${shownPath(firstPath)}:${places.lineOf(firstPath, first.offset)}`,
  };
  return tellFinding({ file: definition.file, code, offset: definition.offset, line, column, params }, path);
}

/**
 * Most schemas create nothing twice. Files are therefore read, and lines counted, only if an object is
 * created twice: each file a few times at most.
 */
class DefinitionPlaces {
  readonly #lines = new Map<string, LineIndex>();
  /** The file whose statements are currently processed; its statements follow one another. */
  #path: string | null = null;
  #offset = 0;
  #places = new TextPlaces(Buffer.alloc(0));

  at(path: string, offset: number): Place {
    if (path !== this.#path || offset < this.#offset) this.#places = new TextPlaces(readAgain(path));
    this.#path = path;
    this.#offset = offset;
    return this.#places.at(offset);
  }

  lineOf(path: string, offset: number): number {
    let lines = this.#lines.get(path);
    if (lines === undefined) {
      lines = new LineIndex(readAgain(path));
      this.#lines.set(path, lines);
    }
    return lines.lineOf(offset);
  }
}
