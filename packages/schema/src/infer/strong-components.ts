/**
 * The strongly connected components of a graph: nodes that can all reach each other have the same number.
 * Tarjan's algorithm without recursion, because a chain may be as long as there are files.
 * @param next the nodes that each node leads to
 */
export function strongComponents(next: readonly (readonly number[])[]): Int32Array {
  const count = next.length;
  const component = new Int32Array(count).fill(-1);
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const open: number[] = [];
  let visited = 0;
  let components = 0;
  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    const path: { readonly node: number; edge: number }[] = [{ node: root, edge: 0 }];
    while (path.length > 0) {
      const at = path[path.length - 1] as { readonly node: number; edge: number };
      const { node } = at;
      if (at.edge === 0) {
        order[node] = low[node] = visited++;
        open.push(node);
      }
      const to = next[node]?.[at.edge++];
      if (to !== undefined) {
        if (order[to] === -1) path.push({ node: to, edge: 0 });
        else if (component[to] === -1) low[node] = Math.min(low[node] as number, order[to] as number);
        continue;
      }
      path.pop();
      const above = path[path.length - 1]?.node;
      if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
      if (low[node] !== order[node]) continue;
      for (let member = -1; member !== node; ) {
        member = open.pop() as number;
        component[member] = components;
      }
      components++;
    }
  }
  return component;
}
