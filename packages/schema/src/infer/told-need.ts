import type { SelectedFile } from '../selection/selected-file.ts';
import type { InferredNeed } from './inferred-need.ts';

/** `needs type app.state of 20_types/state.sql:3, used at line 12`. */
export function needReason(need: InferredNeed, files: readonly SelectedFile[]): string {
  const { object, line, target, kind } = need;
  if (kind === 'requires') return `requires ${labelOf(files, target)}, said at line ${line}`;
  return `needs ${object} of ${targetPlace(need, files)}, ${HOW[kind]} at line ${line}`;
}

/** `10_tables/a.sql:3 needs table b of 10_tables/b.sql:1`. */
export function needStep(need: InferredNeed, files: readonly SelectedFile[]): string {
  const from = `${labelOf(files, need.file)}:${need.line}`;
  if (need.kind === 'requires') return `${from} requires ${labelOf(files, need.target)}`;
  return `${from} needs ${need.object} of ${targetPlace(need, files)}`;
}

const HOW = {
  object: 'used',
  'foreign key': 'referenced',
  'function body': 'used in a function',
  rows: 'referenced by rows',
} as const;

/**
 * What can be done about a cycle.
 * @param twoPass whether the build already runs in two passes
 */
export function circleCure(
  circle: readonly InferredNeed[],
  files: readonly SelectedFile[],
  twoPass: boolean,
): string {
  const key = circle.find(({ kind }) => kind === 'foreign key');
  if (key !== undefined) {
    const place = `${labelOf(files, key.file)}:${key.line}`;
    const alter = `add the foreign key of ${place} by ALTER TABLE ... ADD FOREIGN KEY in a file of its own, behind both tables`;
    return twoPass ? alter : `${alter}, or set build.two_pass`;
  }
  const body = circle.find(({ kind }) => kind === 'function body');
  if (body !== undefined) {
    const place = `${labelOf(files, body.file)}:${body.line}`;
    return `the function of ${place} can be written in PL/pgSQL, which looks for what it names when it runs`;
  }
  return circle.some(({ kind }) => kind === 'requires')
    ? 'take the line that requires a file out, or put what both need into a file of its own'
    : 'put what both need into a file of its own';
}

function targetPlace({ target, targetLine }: InferredNeed, files: readonly SelectedFile[]): string {
  return `${labelOf(files, target)}:${targetLine ?? 1}`;
}

function labelOf(files: readonly SelectedFile[], index: number): string {
  return (files[index] as SelectedFile).label;
}
