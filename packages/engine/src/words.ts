const LINE_LENGTH = 300;

/**
 * For values that throw when they are inspected: an object without a prototype, a proxy. Any value can be
 * thrown.
 */
const UNSAYABLE = 'something that cannot be shown';

/** The first line of a thrown value, for a one-line reason. */
export function oneLine(thrown: unknown): string {
  const text = shown(() => (thrown instanceof Error ? thrown.message || thrown.name : thrown));
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}...` : line;
}

/** A thrown value and its causes, outermost first, one string each; ends where `cause` ends or repeats. */
export function causeChain(thrown: unknown): string[] {
  const seen = new Set<unknown>();
  const chain: string[] = [];
  for (let at = thrown; at !== undefined && at !== null && !seen.has(at); at = causeOf(at)) {
    seen.add(at);
    chain.push(shown(() => (at instanceof Error ? `${at.name}: ${at.message}` : at)));
  }
  return chain;
}

function causeOf(thrown: unknown): unknown {
  try {
    return (thrown as { cause?: unknown }).cause;
  } catch {
    return undefined;
  }
}

function shown(text: () => unknown): string {
  try {
    return String(text());
  } catch {
    return UNSAYABLE;
  }
}
