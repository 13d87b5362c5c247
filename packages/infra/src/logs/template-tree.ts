import { LIMITS } from '@tandem/engine';

/** What is known of one template: how many entries, and where the first and the last begin. */
export interface Leaf<Place> {
  count: number;
  first: Place;
  last: Place;
}

/** Adds up what is known of the same entries' template or pattern. */
export function addLeaf<Place>(
  into: Leaf<Place>,
  { count, first, last }: Readonly<Leaf<Place>>,
  isBefore: (one: Place, other: Place) => boolean,
): void {
  into.count += count;
  if (isBefore(first, into.first)) into.first = first;
  if (isBefore(into.last, last)) into.last = last;
}

/** A template: its level, and its tokens; null stands for any. */
export type Template<Place> = readonly [
  level: number,
  tokens: readonly (string | null)[],
  leaf: Readonly<Leaf<Place>>,
];

/**
 * The templates of messages: spec/infra/logs.md, "Template". What a tree holds follows from the set of
 * messages, not from their order.
 */
export class TemplateTree<Place> {
  /** By level and number of tokens. */
  readonly #roots = new Map<number, Node<Place>>();
  readonly #isBefore: (one: Place, other: Place) => boolean;
  #size = 0;

  /** @param isBefore the order of places */
  constructor(isBefore: (one: Place, other: Place) => boolean) {
    this.#isBefore = isBefore;
  }

  /**
   * Counts entries of one template; a token null stands for any. False if that would need a template more than
   * the limit.
   */
  add(level: number, tokens: readonly (string | null)[], leaf: Leaf<Place>): boolean {
    const key = level * (LIMITS.logTokens + 2) + tokens.length;
    const isFull = this.#size >= LIMITS.logTemplates;
    let node: Node<Place> | null = this.#roots.get(key) ?? null;
    if (node === null) {
      if (isFull) return false;
      node = newNode();
      this.#roots.set(key, node);
    }
    for (const token of tokens) {
      node = this.#branch(node, token, isFull);
      if (node === null) return false;
    }
    this.#join(node, { ...leaf });
    return true;
  }

  /** By level, number of tokens, then tokens. */
  *templates(): Generator<Template<Place>, void, undefined> {
    for (const key of [...this.#roots.keys()].sort((one, other) => one - other)) {
      const level = Math.floor(key / (LIMITS.logTokens + 2));
      yield* below(level, this.#roots.get(key) as Node<Place>, []);
    }
  }

  /**
   * The branch for a token, which may turn a position into `<*>`. Null if a new one is needed and `isFull`.
   */
  #branch(node: Node<Place>, token: string | null, isFull: boolean): Node<Place> | null {
    if (token !== null && node.any === null) {
      const known = node.branches.get(token);
      if (known !== undefined) return known;
      if (node.branches.size < LIMITS.logVariants) {
        if (isFull) return null;
        const branch = newNode<Place>();
        node.branches.set(token, branch);
        return branch;
      }
    }
    return this.#collapse(node);
  }

  /** Makes the position `<*>`. */
  #collapse(node: Node<Place>): Node<Place> {
    if (node.any === null) {
      node.any = newNode();
      for (const branch of node.branches.values()) this.#merge(node.any, branch);
      node.branches.clear();
    }
    return node.any;
  }

  #merge(into: Node<Place>, from: Node<Place>): void {
    if (from.leaf !== null) {
      this.#size -= 1;
      this.#join(into, from.leaf);
    }
    if (from.any !== null) this.#merge(this.#collapse(into), from.any);
    for (const [token, branch] of from.branches) {
      this.#merge(this.#branch(into, token, false) as Node<Place>, branch);
    }
  }

  #join(node: Node<Place>, leaf: Leaf<Place>): void {
    const known = node.leaf;
    if (known === null) {
      node.leaf = leaf;
      this.#size += 1;
      return;
    }
    addLeaf(known, leaf, this.#isBefore);
  }
}

interface Node<Place> {
  /** At most LIMITS.logVariants. */
  readonly branches: Map<string, Node<Place>>;
  /** The branch `<*>`, which replaces the others. */
  any: Node<Place> | null;
  leaf: Leaf<Place> | null;
}

function newNode<Place>(): Node<Place> {
  return { branches: new Map(), any: null, leaf: null };
}

function* below<Place>(
  level: number,
  node: Node<Place>,
  tokens: readonly (string | null)[],
): Generator<Template<Place>, void, undefined> {
  if (node.leaf !== null) yield [level, tokens, node.leaf];
  if (node.any !== null) yield* below(level, node.any, [...tokens, null]);
  const branches = [...node.branches].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [token, branch] of branches) yield* below(level, branch, [...tokens, token]);
}
