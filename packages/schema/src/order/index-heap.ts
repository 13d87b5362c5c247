/** A heap that returns the smallest index first. */
export class IndexHeap {
  readonly #items: number[] = [];

  push(index: number): void {
    const items = this.#items;
    let at = items.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = items[(at - 1) >> 1] as number;
      if (parent <= index) break;
      items[at] = parent;
    }
    items[at] = index;
  }

  pop(): number | undefined {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] as number) < (items[child] as number)) child++;
      if ((items[child] as number) >= last) break;
      items[at] = items[child] as number;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
