/** 12345 -> 12,345. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function size(bytes: number): string {
  if (bytes < 1e6) return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** `97.4 %`, or nothing of nothing. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((part / whole) * 100).toFixed(1)} %`;
}

/** `N (reason n, reason n)` for a line of a summary. */
export function withReasons(reasons: Readonly<Record<string, number>>): string {
  const entries = Object.entries(reasons).filter(([, number]) => number > 0);
  const sum = entries.reduce((total, [, number]) => total + number, 0);
  return entries.length === 0
    ? '0'
    : `${sum} (${entries.map(([name, number]) => `${name} ${number}`).join(', ')})`;
}

/** `1 file`, `2,345 files`. */
export function plural(number: number, word: string, words = `${word}s`): string {
  return `${count(number)} ${number === 1 ? word : words}`;
}
