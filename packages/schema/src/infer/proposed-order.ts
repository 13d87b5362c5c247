import type { Finding } from '../finding.ts';
import type { Inferred } from '../operations/infer.ts';
import type { ExplainedFile } from '../selection/explain.ts';
import type { NeedKind } from './inferred-need.ts';
import { missingLines } from './missing-lines.ts';
import { needReason } from './told-need.ts';

/** The order in which a fresh database took the files of a project. */
export interface ProposedOrder {
  /** The configured order wherever the needs allow it; empty where the findings have an error. */
  readonly files: readonly ProposedFile[];
  /** Whether a build has this order already, as it is configured and by the lines that require files. */
  readonly isBuildOrder: boolean;
  readonly needs: readonly FileNeed[];
  /** What PostgreSQL refuses, and circles in which files need each other. */
  readonly findings: readonly Finding[];
}

export interface ProposedFile extends ExplainedFile {
  /** It stands behind a file that the configured order has behind it; the reason says what it needs. */
  readonly isMoved: boolean;
}

/** One file that another has to come after. Files are told by their labels. */
export interface FileNeed {
  readonly file: string;
  /** Where the object is used, from 1. */
  readonly line: number;
  /** For people: `table app.users`; of a line that requires a file, that file. */
  readonly object: string;
  readonly neededFile: string;
  /** Where the object is created, from 1; null for a line that requires a file. */
  readonly neededLine: number | null;
  readonly kind: NeedKind;
  /** Whether PostgreSQL refused the file as long as that object was missing. */
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
  // Of all that a file waits for, what comes last; what it needs says more than a line that requires it.
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
    // Its reason is told against the file before it, which may have moved.
    const before = index === 0 ? -1 : (places[index - 1] as number);
    const reason = before < place ? file.reason : place === 0 ? 'first' : 'as configured';
    return { ...file, isMoved, reason };
  });
}
