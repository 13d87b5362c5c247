const PART = /\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s*(\.|$)/y;

/** A name as it stands in a string, as in 'app."Users"'::regclass: its parts, or null where it is none. Unquoted letters become small. */
export function readName(text: string): string[] | null {
  const parts: string[] = [];
  for (PART.lastIndex = 0; ; ) {
    const [, quoted, plain, dot] = PART.exec(text) ?? [];
    if (dot === undefined) return null;
    parts.push(quoted === undefined ? foldCase(plain as string) : quoted.replaceAll('""', '"'));
    if (dot === '') return parts;
  }
}

/** Only ASCII, as PostgreSQL does in UTF-8. */
function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
