import { Kind, type Tape } from '@tandem/json';

/** Whether this is a number of seconds that an operation may have taken. */
export function isDuration(tape: Tape, node: number): boolean {
  if (tape.kind(node) !== Kind.number) return false;
  const seconds = Number(tape.spelling(node));
  return Number.isFinite(seconds) && seconds >= 0;
}
