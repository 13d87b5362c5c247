const LINE_LENGTH = 300;

/** Of what throws when it is asked what it is: an object without a prototype, a proxy. Anything can be thrown. */
const UNSAYABLE = 'something that cannot be shown';

/** The first line of what was thrown, for a reason of one line. */
export function oneLine(thrown: unknown): string {
  const text = shown(() => (thrown instanceof Error ? thrown.message || thrown.name : thrown));
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}...` : line;
}

/** What was thrown and everything behind it, outermost first, one string each; ends where `cause` ends or repeats. */
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
