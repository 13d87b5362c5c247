import type { JoinedFile } from '../join/join-run.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import type { TwoPass } from '../two-pass/two-pass.ts';

/**
 * The origin of the lines of a built file; stored as FILE.map.json. Lines and columns count from 1, columns
 * in code points.
 */
export interface SourceMap {
  readonly version: 1;
  /** SHA-256 of the body that it maps, as in the header of the built file. */
  readonly bodySha256: string;
  /** The number of lines above the body: a header with a timestamp has one more. */
  readonly headerLines: number;
  /** In build order. */
  readonly sources: readonly MappedSource[];
  /** Statements that a two-pass build generated for foreign keys; present only with two_pass. */
  readonly keys?: readonly MappedKey[];
}

/** The lines that come from one file. */
export interface MappedSource {
  /** The path below the base folder of the build, as in its separator. */
  readonly label: string;
  /** The path under which it was opened. */
  readonly path: string;
  /** Its first line in the built file. */
  readonly line: number;
  readonly lines: number;
  /** Where foreign keys were removed from it. */
  readonly cuts?: readonly MappedCut[];
}

/** From `line` and `column` of the built file on, its source continues at `sourceLine` and `sourceColumn`. */
export interface MappedCut {
  readonly line: number;
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/** The statement that adds a foreign key: all of it comes from one position. */
export interface MappedKey {
  readonly line: number;
  readonly lines: number;
  /** Index of the source. */
  readonly source: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/** A position in a source file. */
export interface SourcePlace {
  readonly path: string;
  readonly label: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in code points. */
  readonly column: number;
}

/** The data from which a map is made. */
export interface MappedBuild {
  readonly bodySha256: string;
  readonly headerLines: number;
  readonly separatorLines: number;
  readonly files: readonly SelectedFile[];
  readonly joined: readonly JoinedFile[];
  readonly passes: Pick<TwoPass, 'cutFiles' | 'addedKeys'> | null;
}

/** The map of a build; its paths are shown relative to the working folder. */
export function sourceMapOf(build: MappedBuild): SourceMap {
  const { bodySha256, headerLines, separatorLines, files, joined, passes } = build;
  let line = headerLines + 1;
  const sources = files.map((file, index) => {
    const cut = passes?.cutFiles.get(index);
    const lines = cut?.lines ?? (joined[index] as JoinedFile).lines;
    line += separatorLines;
    const begun = line;
    line += lines;
    const cuts = cut?.cuts.map(({ at, from }) => ({
      line: begun + at.line - 1,
      column: at.column,
      sourceLine: from.line,
      sourceColumn: from.column,
    }));
    const source = { label: file.label, path: shownPath(file.path), line: begun, lines };
    return cuts === undefined ? source : { ...source, cuts };
  });
  const keys = passes?.addedKeys.map(({ at, lines, file, place }) => ({
    line: line + at,
    lines,
    source: file,
    sourceLine: place.line,
    sourceColumn: place.column,
  }));
  return { version: 1, bodySha256, headerLines, sources, ...(keys === undefined ? {} : { keys }) };
}

/**
 * The origin of a position in the built file; null for text that the build itself wrote: its header, a
 * separator or a heading.
 */
export function sourceOf(map: SourceMap, line: number, column = 1): SourcePlace | null {
  const source = lastAt(map.sources, (each) => each.line <= line);
  if (source === undefined || line >= source.line + source.lines) return keyAt(map, line);
  const { path, label, cuts = [] } = source;
  const cut = lastAt(cuts, (each) => each.line < line || (each.line === line && each.column <= column));
  if (cut === undefined) return { path, label, line: line - source.line + 1, column };
  const isSameLine = cut.line === line;
  return {
    path,
    label,
    line: cut.sourceLine + line - cut.line,
    column: isSameLine ? cut.sourceColumn + column - cut.column : column,
  };
}

function keyAt({ sources, keys = [] }: SourceMap, line: number): SourcePlace | null {
  const key = lastAt(keys, (each) => each.line <= line);
  if (key === undefined || line >= key.line + key.lines) return null;
  const { path, label } = sources[key.source] as MappedSource;
  return { path, label, line: key.sourceLine, column: key.sourceColumn };
}

/** The last item that begins at or before a position; the items are in order. */
function lastAt<Item>(items: readonly Item[], begins: (item: Item) => boolean): Item | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (begins(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}
