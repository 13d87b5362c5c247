import type { Tape } from '@tandem/json';
import { NESTED_KEYS, OPERATIONS, type OperationName } from '../generated/detection.ts';
import { SpelledOperations } from '../spelled-operation.ts';

const SPELLED = new SpelledOperations();
const NESTED = NESTED_KEYS.map((key) => Buffer.from(key));

/**
 * The key node of an operation's own value by spec/sidecar/summary.md, so that the value saved is the value
 * the summary reads: the first key that spells the operation, at the top level and then in data, result and
 * detection; if that key occurs twice, the last occurrence. -1 if there is none.
 */
export function operationKey(tape: Tape, operation: OperationName): number {
  const wanted = OPERATIONS.findIndex(({ name }) => name === operation);
  const top = spelledKey(tape, 0, wanted);
  if (top >= 0) return top;
  for (const name of NESTED) {
    const object = tape.get(0, name);
    const key = object < 0 || !tape.isObject(object) ? -1 : spelledKey(tape, object, wanted);
    if (key >= 0) return key;
  }
  return -1;
}

function spelledKey(tape: Tape, object: number, operation: number): number {
  const end = tape.b(object);
  for (let key = object + 1; key < end; key = tape.after(key + 1)) {
    // A value follows its key immediately.
    if (SPELLED.find(tape, key) === operation) return tape.get(object, tape.text(key)) - 1;
  }
  return -1;
}
