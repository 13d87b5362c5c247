import './generated/error-codes.ts';
import * as job from '@tandem/job';
import type { JoinFinding } from './join/join-totals.ts';
import { shownPath } from './shown-path.ts';

/** Converts a finding of the join to the form used by output and reports. */
export function tellFinding({ code, params, ...place }: JoinFinding, path: string): job.Finding {
  return job.findingAt({ ...place, path: shownPath(path) }, code, params);
}

/** Throws the first error among findings; it names the command that reports all of them. */
export function throwFirst(findings: readonly job.Finding[]): void {
  job.throwFirst(findings, 'tandem schema check');
}
