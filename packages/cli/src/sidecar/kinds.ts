import { styled } from '../terminal/color.ts';
import { count } from '../terminal/numbers.ts';

/** What was found in many files, by kind: how often, and the first example. */
export class Kinds<Example> {
  readonly #kinds = new Map<string, { count: number; readonly example: Example }>();

  add(kind: string, example: Example): void {
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { count: 1, example });
    else known.count += 1;
  }

  /** Two lines for each kind, the most frequent first: its count and name, then the example. */
  lines(textOf: (example: Example) => string): string[] {
    const kinds = [...this.#kinds].sort(([, one], [, other]) => other.count - one.count);
    const width = count(kinds[0]?.[1].count ?? 0).length + 2;
    return kinds.flatMap(([kind, { count: number, example }]) => [
      `${count(number).padStart(width)}  ${styled(1, 'bold', kind)}, such as`,
      `${' '.repeat(width)}  ${textOf(example)}`,
    ]);
  }
}
