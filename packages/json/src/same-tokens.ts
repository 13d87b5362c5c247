import { Kind, type Tape } from './tape.ts';

/**
 * Whether two full tapes are equal token by token: order, duplicate keys, the spelling of every number, and
 * every character of every string. This is the proof before a source is removed, so it shares no code with
 * the writers.
 */
export function sameTokens(one: Tape, other: Tape): boolean {
  if (one.size !== other.size) return false;
  for (let node = 0; node < one.size; node++) {
    if (decodedKind(one, node) !== decodedKind(other, node)) return false;
    if (one.isContainer(node)) {
      if (one.a(node) !== other.a(node) || one.b(node) !== other.b(node)) return false;
    } else if (one.kind(node) >= Kind.number && Buffer.compare(one.text(node), other.text(node)) !== 0)
      return false;
  }
  return true;
}

function decodedKind(tape: Tape, node: number): number {
  const kind = tape.kind(node);
  return kind === Kind.escaped ? Kind.string : kind;
}
