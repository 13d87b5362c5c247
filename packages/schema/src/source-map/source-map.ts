import type { JoinedFile } from '../join/join-run.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';

/** Where the lines of a built file come from; written as FILE.map.json. */
export interface SourceMap {
  readonly version: 1;
  /** SHA-256 of the body that it maps, as the built file's header has it. */
  readonly bodySha256: string;
  /** Lines above the body: with a time in it the header has one more. */
  readonly headerLines: number;
  /** In the order of the build. */
  readonly sources: readonly MappedSource[];
}

/** The lines that one file became. */
export interface MappedSource {
  /** Below the base folder of the build, as its separator has it. */
  readonly label: string;
  /** As it was opened. */
  readonly path: string;
  /** Its first line in the built file, from 1. */
  readonly line: number;
  readonly lines: number;
}

/** A place in a source file. */
export interface SourcePlace {
  readonly path: string;
  readonly label: string;
  /** From 1. */
  readonly line: number;
}

/** The map of a build; its paths are shown from the working folder. */
export function sourceMapOf(
  bodySha256: string,
  headerLines: number,
  separatorLines: number,
  files: readonly SelectedFile[],
  joined: readonly JoinedFile[],
): SourceMap {
  let line = headerLines + 1;
  const sources = files.map((file, index) => {
    const { lines } = joined[index] as JoinedFile;
    line += separatorLines;
    const source = { label: file.label, path: shownPath(file.path), line, lines };
    line += lines;
    return source;
  });
  return { version: 1, bodySha256, headerLines, sources };
}

/** Where a line of the built file comes from; null for a line of its header or of a separator. */
export function sourceOf(map: SourceMap, line: number): SourcePlace | null {
  let low = 0;
  let high = map.sources.length;
  // The last source that begins at or before the line.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((map.sources[middle] as MappedSource).line <= line) low = middle + 1;
    else high = middle;
  }
  const source = map.sources[low - 1];
  if (source === undefined || line >= source.line + source.lines) return null;
  return { path: source.path, label: source.label, line: line - source.line + 1 };
}
