import type { Finding } from '@tandem/schema';
import { styled } from '../terminal/color.ts';
import { withFlags } from '../terminal/option-flags.ts';
import { printable, tell } from '../terminal/streams.ts';

/** Excerpts shown; the lines are all there. */
const MOST_EXCERPTS = 100;
/** Warnings shown beside another result. */
const MOST_TOLD = 1000;

const STYLES = { error: 'red', warning: 'yellow' } as const;

/**
 * Findings as text: each on its line, with the source line below it.
 * @param descriptor of the stream that they are for
 */
export async function findingLines(
  findings: readonly (Finding & { readonly excerpt?: readonly string[] })[],
  descriptor: 1 | 2 = 1,
): Promise<string[]> {
  const { excerpt } = await import('@tandem/schema');
  return findings.flatMap((finding, index) => [
    findingLine(finding, descriptor),
    // A file that may be gone by now had its lines read earlier.
    ...(index < MOST_EXCERPTS ? (finding.excerpt ?? excerpt(finding)) : []),
  ]);
}

/** Warnings beside a result; if all files have the same problem, the first ones show it. */
export function tellWarnings(title: string, findings: readonly Finding[]): void {
  for (const finding of findings.slice(0, MOST_TOLD)) tell(`${findingLine(finding, 2)}\n`);
  const more = findings.length - MOST_TOLD;
  if (more > 0) tell(`${title}: ${more} more warnings; 'tandem schema check' lists all of them\n`);
}

/** A finding on one line: `path:line:column: severity: message (hint)`. */
function findingLine(finding: Finding, descriptor: 1 | 2): string {
  const { path, line, column, severity, message, hint } = finding;
  const place = printable(line === null ? `${path}:` : `${path}:${line}:${column ?? 1}:`);
  const heading = `${styled(descriptor, 'bold', place)} ${styled(descriptor, STYLES[severity], `${severity}:`)}`;
  return `${heading} ${printable(withFlags(`${message}${hint === null ? '' : ` (${hint})`}`))}`;
}
