import type { DiffReport } from '@tandem/schema';

/** Each difference on a line: `+ kind name`, `~ kind name: before => after`; parts of what came are not told. */
export function differences({ added, removed, changed, findings }: DiffReport): string[] {
  return [
    ...findings.map(({ side, message }) => `${side}: ${message}`),
    ...removed.map(({ kind, name }) => `- ${kind} ${name}`),
    ...added.map(({ kind, name }) => `+ ${kind} ${name}`),
    ...changed.map(
      ({ kind, name, before, after }) => `~ ${kind} ${name}: ${before.trim()} => ${after.trim()}`,
    ),
  ];
}
