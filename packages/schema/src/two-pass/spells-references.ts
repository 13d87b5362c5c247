const SMALL_R = 0x72;
const REST = Buffer.from('eferences');

/** Whether the word `references` occurs anywhere, in any case: a text without it has no foreign key. */
export function spellsReferences(text: Uint8Array): boolean {
  for (let at = 0, last = text.length - REST.length; at < last; at++) {
    if (((text[at] as number) | 0x20) === SMALL_R && isRest(text, at + 1)) return true;
  }
  return false;
}

function isRest(text: Uint8Array, at: number): boolean {
  for (let index = 0; index < REST.length; index++) {
    if (((text[at + index] as number) | 0x20) !== REST[index]) return false;
  }
  return true;
}
