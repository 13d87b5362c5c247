import type { JoinedFile } from '../join/join-run.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import type { TwoPass } from '../two-pass/two-pass.ts';

/** Where the lines of a built file come from; written as FILE.map.json. Lines and columns count from 1, columns in code points. */
export interface SourceMap {
  readonly version: 1;
  /** SHA-256 of the body that it maps, as the built file's header has it. */
  readonly bodySha256: string;
  /** Lines above the body: with a time in it the header has one more. */
  readonly headerLines: number;
  /** In the order of the build. */
  readonly sources: readonly MappedSource[];
  /** Statements that a build in two passes made of foreign keys; there only with two_pass. */
  readonly keys?: readonly MappedKey[];
}

/** The lines that one file became. */
export interface MappedSource {
  /** Below the base folder of the build, as its separator has it. */
  readonly label: string;
  /** As it was opened. */
  readonly path: string;
  /** Its first line in the built file. */
  readonly line: number;
  readonly lines: number;
  /** Where foreign keys were taken out of it. */
  readonly cuts?: readonly MappedCut[];
}

/** From `line` and `column` of the built file on its source goes on at `sourceLine` and `sourceColumn`. */
export interface MappedCut {
  readonly line: number;
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/** The statement that adds a foreign key: all of it comes from one place. */
export interface MappedKey {
  readonly line: number;
  readonly lines: number;
  /** Index of the source. */
  readonly source: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/** A place in a source file. */
export interface SourcePlace {
  readonly path: string;
  readonly label: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in code points. */
  readonly column: number;
}

/** What a map is made of. */
export interface MappedBuild {
  readonly bodySha256: string;
  readonly headerLines: number;
  readonly separatorLines: number;
  readonly files: readonly SelectedFile[];
  readonly joined: readonly JoinedFile[];
  readonly passes: Pick<TwoPass, 'cutFiles' | 'addedKeys'> | null;
}

/** The map of a build; its paths are shown from the working folder. */
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

/** Where a place of the built file comes from; null for one that the build wrote: its header, a separator or a heading. */
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

/** The last one of those that begin at or before a place; they are in their order. */
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
