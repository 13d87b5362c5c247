import type { Finding } from '@tandem/job';
import { styled } from '../terminal/color.ts';
import { withFlags } from '../terminal/option-flags.ts';
import { printable, tell } from '../terminal/streams.ts';

/** The maximum number of excerpts shown. The lines of the findings are all shown. */
const MOST_EXCERPTS = 100;
/** The maximum number of warnings shown in addition to another result. */
const MOST_TOLD = 1000;

const STYLES = { error: 'red', warning: 'yellow' } as const;

/**
 * Findings as text: one line each, with the source line below it.
 * @param descriptor the stream that the lines are written to
 */
export async function findingLines(
  findings: readonly (Finding & { readonly excerpt?: readonly string[] })[],
  descriptor: 1 | 2 = 1,
): Promise<string[]> {
  const { excerpt } = await import('@tandem/job');
  return findings.flatMap((finding, index) => [
    findingLine(finding, descriptor),
    // If the file may be gone by now, its excerpt was read earlier.
    ...(index < MOST_EXCERPTS ? (finding.excerpt ?? excerpt(finding)) : []),
  ]);
}

/**
 * Writes warnings to stderr, in addition to a result. Only the first ones are shown: if all files have the
 * same problem, these are enough to show it.
 */
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
