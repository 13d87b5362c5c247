import { isUtf8 } from 'node:buffer';
import { isAscii } from '@tandem/files';
import { FOLD_RANGES } from '../generated/fold.ts';
import { lowerAscii } from '../walk/name-class.ts';

/**
 * The key by which names are compared: case is ignored, and NFC equals NFD. ASCII is lowercased. Other UTF-8
 * is normalized to NFC and folded by the simple mapping of spec/sidecar/case-folding.json. In a name that is
 * not UTF-8, only the ASCII letters are lowercased.
 * @param raw one byte per character
 */
export function foldKey(raw: string): string {
  if (isAscii(raw)) return raw.toLowerCase();
  const bytes = Buffer.from(raw, 'latin1');
  // No name contains a NUL, so bytes never equal the text of another name.
  if (!isUtf8(bytes)) return `\0${lowerAscii(raw)}`;
  return foldText(bytes.toString('utf8').normalize('NFC'));
}

function foldText(text: string): string {
  let folded = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const delta = foldDelta(code);
    folded += delta === 0 ? character : String.fromCodePoint(code + delta);
  }
  return folded;
}

/** Numbers in a range of the table: first, last, step, delta. */
const FIELDS = 4;

/** The difference to add to a code point to fold it. */
function foldDelta(code: number): number {
  let low = 0;
  let high = FOLD_RANGES.length / FIELDS;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * FIELDS;
    if (code < (FOLD_RANGES[at] as number)) high = middle;
    else if (code > (FOLD_RANGES[at + 1] as number)) low = middle + 1;
    else
      return (code - (FOLD_RANGES[at] as number)) % (FOLD_RANGES[at + 2] as number) === 0
        ? (FOLD_RANGES[at + 3] as number)
        : 0;
  }
  return 0;
}
