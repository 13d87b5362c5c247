import { shownText } from '@tandem/files';
import type { ProjectConfig } from '../project/project-config.ts';
import type { Block } from './build-order.ts';
import { nameOf } from './folders.ts';
import type { HexOrder } from './hex-order.ts';
import { type SelectOptions, selectBlocks } from './select-files.ts';
import type { SelectedFile } from './selected-file.ts';

/** A file of a build and the reason for its position. */
export interface ExplainedFile extends SelectedFile {
  /**
   * In a few words, relative to the preceding file: `20_views/ after 10_tables/`, `number 16 after 15`,
   * `order 5 after order 0`.
   */
  readonly reason: string;
}

/**
 * The files of a build in the order that their paths determine, each with the reason for its position. Each
 * file records which entry and pattern chose it.
 * @throws {TandemError} as selectFiles
 */
export function explainFiles(project: ProjectConfig, options: SelectOptions = {}): readonly ExplainedFile[] {
  const blocks = selectBlocks(project, options);
  return blocks.flatMap(({ order, files, hex }, at) => {
    const before = blocks[at - 1];
    const opening = before === undefined ? 'first' : `order ${order} after order ${before.order}`;
    return files.map((file, place) => {
      const last = files[place - 1];
      return { ...file, reason: last === undefined ? opening : reasonBetween(last.path, file.path, hex) };
    });
  });
}

/** What decided the order of two consecutive files. */
function reasonBetween(last: string, path: string, hex: Block['hex']): string {
  const [ours, theirs] = [partsOf(path), partsOf(last)];
  const byNumber = hex === null ? -1 : numberedDifference(ours, theirs, hex);
  const at = byNumber >= 0 ? byNumber : ours.findIndex((part, place) => part !== theirs[place]);
  const [one, other] = [ours[at] ?? path, theirs[at] ?? last];
  const [number, lower] = [hex?.numberOf(one) ?? null, hex?.numberOf(other) ?? null];
  if (number === lower) return `${told(one)} after ${told(other)}`;
  // Numbers come before names, so a number precedes this name.
  if (number === null || lower === null) return `${told(one)} has no number`;
  return `${told(one)}: number ${decimal(number)} after ${decimal(lower)}`;
}

/**
 * The first part in which the number or the rest of the name differs; -1 if there is none, and whole names
 * decided.
 */
function numberedDifference(
  ours: readonly string[],
  theirs: readonly string[],
  hex: HexOrder<SelectedFile>,
): number {
  return ours.findIndex((part, place) => {
    const other = theirs[place];
    if (other === undefined || hex.numberOf(part) !== hex.numberOf(other)) return true;
    return hex.numberOf(part) === null ? nameOf(part) !== nameOf(other) : restOf(part) !== restOf(other);
  });
}

function restOf(path: string): string {
  const name = nameOf(path);
  return name.slice(name.indexOf('_'));
}

/** The path up to each of its parts; folders end with a slash. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) parts.push(path.slice(0, at + 1));
  return [...parts, path];
}

function told(path: string): string {
  return shownText(path.endsWith('/') ? `${nameOf(path)}/` : nameOf(path));
}

function decimal(hexadecimal: string): string {
  return String(BigInt(`0x${hexadecimal}`));
}
