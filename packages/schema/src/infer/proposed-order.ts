import type { Finding } from '@tandem/job';
import type { Inferred } from '../operations/infer.ts';
import type { ExplainedFile } from '../selection/explain.ts';
import type { NeedKind } from './inferred-need.ts';
import { missingLines } from './missing-lines.ts';
import { needReason } from './told-need.ts';

/** The order in which a temporary database accepted the files of a project. */
export interface ProposedOrder {
  /** The configured order wherever the needs allow it; empty if the findings contain an error. */
  readonly files: readonly ProposedFile[];
  /** Whether a build already has this order, by its configuration and by the lines that require files. */
  readonly isBuildOrder: boolean;
  readonly needs: readonly FileNeed[];
  /** What PostgreSQL rejects, and cycles of files that need each other. */
  readonly findings: readonly Finding[];
}

export interface ProposedFile extends ExplainedFile {
  /** The file follows one that comes after it in the configured order; the reason states what it needs. */
  readonly isMoved: boolean;
}

/** A file that another file must follow. Files are identified by their labels. */
export interface FileNeed {
  readonly file: string;
  /** The line that uses the object, from 1. */
  readonly line: number;
  /** For display: `table app.users`; for a line that requires a file, that file. */
  readonly object: string;
  readonly neededFile: string;
  /** The line that creates the object, from 1; null for a line that requires a file. */
  readonly neededLine: number | null;
  readonly kind: NeedKind;
  /** Whether PostgreSQL rejected the file while that object was missing. */
  readonly isCertain: boolean;
}

/** @param files in the configured order */
export function proposedOrder(
  files: readonly ExplainedFile[],
  { order, needs, findings }: Inferred,
): ProposedOrder {
  const labels = files.map(({ label }) => label);
  const fileNeeds = needs.map(({ file, line, object, target, targetLine, kind, isCertain }) => ({
    ...{ file: labels[file] as string, line, object, neededFile: labels[target] as string },
    ...{ neededLine: targetLine, kind, isCertain },
  }));
  return {
    files: order === null ? [] : inOrder(files, order, needs),
    isBuildOrder: order !== null && missingLines(files, needs).size === 0,
    needs: fileNeeds,
    findings,
  };
}

function inOrder(
  files: readonly ExplainedFile[],
  order: readonly number[],
  needs: Inferred['needs'],
): ProposedFile[] {
  const places = new Int32Array(files.length);
  for (const [place, index] of order.entries()) places[index] = place;
  // The last of the files that a file waits for; an object that it needs is a better reason than a line that
  // requires the file.
  const last = new Map<number, Inferred['needs'][number]>();
  for (const need of needs) {
    const known = last.get(need.file);
    const later =
      known === undefined ? 1 : (places[need.target] as number) - (places[known.target] as number);
    if (later > 0 || (later === 0 && known?.kind === 'requires')) last.set(need.file, need);
  }
  let latest = -1;
  return order.map((index, place) => {
    const file = files[index] as ExplainedFile;
    const need = last.get(index);
    const isMoved = index < latest && need !== undefined;
    latest = Math.max(latest, index);
    if (isMoved) return { ...file, isMoved, reason: needReason(need, files) };
    // Its reason refers to the preceding file, which may have moved.
    const before = index === 0 ? -1 : (places[index - 1] as number);
    const reason = before < place ? file.reason : place === 0 ? 'first' : 'as configured';
    return { ...file, isMoved, reason };
  });
}
