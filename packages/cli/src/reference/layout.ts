/** Two columns, the second one wrapped. Text that is too wide for the first column gets its own line. */
export function columns(rows: readonly (readonly [string, string])[], width: number): string {
  const widest = Math.floor(width / 2) - 2;
  const lengths = rows.map(([left]) => left.length).filter((length) => length <= widest);
  const left = Math.max(0, ...lengths) + 2;
  const indent = ' '.repeat(left + 2);
  return rows
    .flatMap(([name, text]) => {
      const [first = '', ...more] = wrap(text, width - indent.length);
      const isWide = name.length > left - 2;
      const head = isWide ? [`  ${name}`, `${indent}${first}`] : [`  ${name.padEnd(left)}${first}`.trimEnd()];
      return [...head, ...more.map((line) => `${indent}${line}`)];
    })
    .join('\n');
}

/** Wraps text into lines of whole words. No line is longer than the width unless a single word is. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
