const LINE_LENGTH = 300;

/** The first line of what was thrown, for a reason of one line. */
export function oneLine(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}...` : line;
}

/** What was thrown and everything behind it, outermost first, one string each; ends where `cause` ends or repeats. */
export function causeChain(thrown: unknown): string[] {
  const seen = new Set<unknown>();
  const chain: string[] = [];
  for (
    let at = thrown;
    at !== undefined && at !== null && !seen.has(at);
    at = (at as { cause?: unknown }).cause
  ) {
    seen.add(at);
    chain.push(at instanceof Error ? `${at.name}: ${at.message}` : String(at));
  }
  return chain;
}
