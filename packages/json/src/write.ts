import { ByteSink } from '@tandem/files';
import { Kind, type Tape } from './tape.ts';
import { writeJsonString } from './text.ts';

const LITERAL = ['null', 'false', 'true'];
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSE: Readonly<Record<number, number>> = { [Kind.array]: 0x5d, [Kind.object]: 0x7d };
const OPEN: Readonly<Record<number, number>> = { [Kind.array]: 0x5b, [Kind.object]: 0x7b };

/**
 * A value of a full tape as JSON in the one specified form: no white space, numbers as spelled, the escapes
 * of spec/sidecar/reports.md. This is the form to which rkyv is converted as json, and the content of the
 * older tool's form.
 */
export function writeJson(tape: Tape, root = 0): Buffer {
  const sink = new ByteSink(tape.bytes.length + 64);
  const open: number[] = [];
  const left: number[] = [];
  const end = tape.after(root);
  for (let node = root; node < end; node++) {
    const parent = open.length - 1;
    const kind = tape.kind(node);
    if (kind === Kind.number) sink.append(tape.raw(node));
    else if (kind === Kind.string || kind === Kind.escaped) writeJsonString(sink, tape.text(node));
    else if (kind === Kind.array || kind === Kind.object) {
      sink.push(OPEN[kind] as number);
      open.push(node);
      left.push(kind === Kind.object ? tape.a(node) * 2 : tape.a(node));
      if (tape.a(node) > 0) continue;
    } else sink.ascii(LITERAL[kind] as string);
    if (open.length === 0) break;
    if (parent >= 0 && open.length - 1 === parent) left[parent] = (left[parent] as number) - 1;
    close(tape, sink, open, left);
  }
  return sink.bytes();
}

/** Called after a value: writes the brackets that end here, and the separator before the next value. */
function close(tape: Tape, sink: ByteSink, open: number[], left: number[]): void {
  for (;;) {
    const last = open.length - 1;
    if (last < 0) return;
    const remaining = left[last] as number;
    const kind = tape.kind(open[last] as number);
    if (remaining > 0) {
      sink.push(kind === Kind.object && remaining % 2 === 1 ? COLON : COMMA);
      return;
    }
    sink.push(CLOSE[kind] as number);
    open.pop();
    left.pop();
    if (last > 0) left[last - 1] = (left[last - 1] as number) - 1;
  }
}
