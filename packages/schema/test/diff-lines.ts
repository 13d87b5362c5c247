import type { DiffReport } from '@tandem/schema';

/**
 * One line per difference: `+ kind name`, `~ kind name: before => after`; without the parts of added objects.
 */
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
