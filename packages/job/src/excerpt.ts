import { readFileSync } from 'node:fs';
import type { Finding } from './finding.ts';

const MOST_COLUMNS = 100;

/**
 * The line of a finding with a caret below its position, for display; empty if the finding has no position or
 * the file can no longer be read.
 */
export function excerpt({ path, line, column }: Pick<Finding, 'path' | 'line' | 'column'>): string[] {
  if (line === null || column === null) return [];
  let text: string | undefined;
  try {
    text = readFileSync(path, 'utf8').split('\n')[line - 1];
  } catch {
    return [];
  }
  if (text === undefined) return [];
  // A BOM and the CR of a CR LF are part of the line but invisible; a tab would shift the caret.
  const characters = Array.from(text.replace(/\r$/, ''), plain);
  const from = Math.max(0, Math.min(column - 1 - MOST_COLUMNS / 2, characters.length - MOST_COLUMNS));
  const shown = characters.slice(from, from + MOST_COLUMNS).join('');
  const number = String(line);
  const margin = ' '.repeat(number.length);
  return [` ${number} | ${shown}`.trimEnd(), ` ${margin} | ${' '.repeat(column - 1 - from)}^`];
}

function plain(character: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them
  return /[\u0000-\u001f\u007f-\u009f\ufeff]/.test(character) ? ' ' : character;
}
