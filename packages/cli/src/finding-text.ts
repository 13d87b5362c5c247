import type { Finding } from '@tandem/schema';
import { printable, tell } from './streams.ts';

/** Excerpts shown; the lines are all there. */
const MOST_EXCERPTS = 100;
/** Warnings told beside a result that is something else. */
const MOST_TOLD = 1000;

/** Findings for a person: each on its line, with the line of the source below it. */
export async function findingLines(
  findings: readonly (Finding & { readonly excerpt?: readonly string[] })[],
): Promise<string[]> {
  const { excerpt } = await import('@tandem/schema');
  return findings.flatMap((finding, index) => [
    findingLine(finding),
    // Where the file is gone by now, it was taken before.
    ...(index < MOST_EXCERPTS ? (finding.excerpt ?? excerpt(finding)) : []),
  ]);
}

/** Warnings beside a result: what is wrong everywhere, a person sees from the first of them. */
export function tellWarnings(title: string, findings: readonly Finding[]): void {
  for (const finding of findings.slice(0, MOST_TOLD)) tell(`${findingLine(finding)}\n`);
  const more = findings.length - MOST_TOLD;
  if (more > 0) tell(`${title}: and ${more} more; tandem schema check lists them all\n`);
}

/** A finding on one line: `path:line:column: severity: message (hint)`. */
export function findingLine({ path, line, column, severity, message, hint }: Finding): string {
  const place = line === null ? '' : `:${line}:${column ?? 1}`;
  return printable(`${path}${place}: ${severity}: ${message}${hint === null ? '' : ` (${hint})`}`);
}
