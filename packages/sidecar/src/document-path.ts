import { TandemError } from '@tandem/engine';
import { encodeText, Kind, type Tape } from '@tandem/json';

/** One step into a document: the bytes of a key, or an index. */
type Step = Uint8Array | number;

/** A name, an index in brackets, or any key as a JSON string in brackets. */
const STEP = /(?:(?:^|(?<!^)\.)([^.[\]"]+)|\[(0|[1-9][0-9]*)\]|\[("(?:[^"\\]|\\.)*")\])/sy;
const parsed = new Map<string, readonly Step[]>();
/** Callers use the same few paths for many documents. */
const MOST_PARSED = 256;

/**
 * Finds a value on a tape: `face_detection.faces[0].confidence`, `["any key"].x`, and '' for the document
 * itself. Nothing is decoded.
 * @returns its node, or -1 if there is none
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for an invalid path
 */
export function findNode(tape: Tape, path: string): number {
  let node = 0;
  for (const step of stepsOf(path)) {
    if (typeof step !== 'number') node = tape.get(node, step);
    else node = tape.kind(node) === Kind.array ? tape.element(node, step) : -1;
    if (node < 0) return -1;
  }
  return node;
}

function stepsOf(path: string): readonly Step[] {
  let steps = parsed.get(path);
  if (steps === undefined) {
    steps = parse(path);
    if (parsed.size >= MOST_PARSED) parsed.clear();
    parsed.set(path, steps);
  }
  return steps;
}

function parse(path: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    const [, name, index, literal] = STEP.exec(path) ?? [];
    if (index !== undefined) steps.push(Number(index));
    else if (name !== undefined) steps.push(encodeText(name));
    else if (literal !== undefined) steps.push(encodeText(keyOf(literal, path, at)));
    else throw badPath(path, at);
  }
  return steps;
}

function keyOf(literal: string, path: string, at: number): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw badPath(path, at);
  }
}

function badPath(path: string, at: number): TandemError {
  const params = {
    problem: `invalid document path at character ${at + 1}: '${path}'`,
    cure: 'write it as face_detection.faces[0].confidence, and quote other keys: ["any key"]',
  };
  return new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params });
}
