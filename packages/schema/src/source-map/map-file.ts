import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { TandemError } from '@tandem/engine';
import { newRun, outputError, toFsPath, writeAtomically } from '@tandem/files';
import { outputTarget } from '../output/output-target.ts';
import { shownPath } from '../shown-path.ts';
import { lineCount } from './line-count.ts';
import type { MappedCut, MappedKey, MappedSource, SourceMap } from './source-map.ts';

/** A header has a dozen lines. */
const HEADER_BYTES = 4096;

/** The name of the map of a built file. */
export function mapFileOf(built: string): string {
  return `${built}.map.json`;
}

/**
 * Writes the map of a built file next to it, unless it is already there; paths of sources are relative to its
 * folder, so that all of them can be moved together.
 * @param built raw path
 * @throws {TandemError} ERR_TANDEM_OUTPUT_UNWRITABLE, ERR_TANDEM_NO_SPACE, ERR_TANDEM_BROKEN_SYMLINK
 */
export function writeSourceMap(built: string, map: SourceMap): void {
  const folder = dirname(textOf(built));
  const sources = map.sources.map((source) => ({ ...source, path: relative(folder, resolve(source.path)) }));
  const bytes = Buffer.from(`${JSON.stringify({ ...map, sources })}\n`);
  const path = mapFileOf(built);
  const target = outputTarget(path);
  if (hasBytes(target, bytes)) return;
  try {
    writeAtomically(target, bytes, { run: newRun().id });
  } catch (error) {
    throw outputError(error, shownPath(path));
  }
}

function hasBytes(path: string, bytes: Buffer): boolean {
  try {
    return readFileSync(toFsPath(path)).equals(bytes);
  } catch {
    return false;
  }
}

/**
 * The map of a built file, with paths that can be opened.
 * @throws {TandemError} ERR_TANDEM_NO_SOURCE_MAP if there is none, it cannot be read, or the file was built
 *   again without it
 */
export function readSourceMap(built: string): SourceMap {
  const missing = (problem: string, cause?: unknown): TandemError =>
    new TandemError('ERR_TANDEM_NO_SOURCE_MAP', { path: built, params: { problem }, cause });
  let map: Unknown<SourceMap> | null;
  try {
    map = JSON.parse(readFileSync(mapFileOf(built), 'utf8')) as Unknown<SourceMap> | null;
  } catch (cause) {
    throw missing('has no map that can be read', cause);
  }
  if (!isMap(map)) throw missing('has a map that this version does not read');
  let head: string;
  try {
    head = readFileSync(built).subarray(0, HEADER_BYTES).toString();
  } catch (cause) {
    throw missing('cannot be read', cause);
  }
  const header = head.slice(0, head.indexOf('\n\n') + 2);
  if (!header.includes(`-- Body SHA-256: ${map.bodySha256}\n`) || lineCount(header) !== map.headerLines)
    throw missing('is not the one that its map was made for');
  const folder = dirname(built);
  const sources = map.sources.map((source) => ({
    ...source,
    path: relative('.', resolve(folder, source.path)),
  }));
  return { ...map, sources };
}

/** Validates arbitrary JSON. */
function isMap(map: Unknown<SourceMap> | null): map is SourceMap {
  const keys = map?.keys ?? [];
  return (
    map?.version === 1 &&
    typeof map.bodySha256 === 'string' &&
    areNumbers(map.headerLines) &&
    Array.isArray(map.sources) &&
    map.sources.every(isSource) &&
    Array.isArray(keys) &&
    keys.every((key) => isKey(key, map.sources as unknown[]))
  );
}

function isSource(source: Unknown<MappedSource> | null): boolean {
  const cuts = source?.cuts ?? [];
  return (
    typeof source?.label === 'string' &&
    typeof source.path === 'string' &&
    areNumbers(source.line, source.lines) &&
    Array.isArray(cuts) &&
    cuts.every(isCut)
  );
}

function isCut(cut: Unknown<MappedCut> | null): boolean {
  return areNumbers(cut?.line, cut?.column, cut?.sourceLine, cut?.sourceColumn);
}

function isKey(key: Unknown<MappedKey> | null, sources: readonly unknown[]): boolean {
  return (
    areNumbers(key?.line, key?.lines, key?.sourceLine, key?.sourceColumn) &&
    sources[key?.source as number] !== undefined
  );
}

type Unknown<Read> = { readonly [key in keyof Read]?: unknown };

function areNumbers(...numbers: readonly unknown[]): boolean {
  return numbers.every(Number.isSafeInteger);
}

function textOf(raw: string): string {
  return Buffer.from(raw, 'latin1').toString();
}
