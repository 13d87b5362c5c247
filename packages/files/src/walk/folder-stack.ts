/** The subfolders of one folder, and how many of them are done. */
interface Siblings {
  readonly parent: string;
  readonly names: readonly string[];
  next: number;
}

/**
 * The folders that a walk has yet to enter: those below a folder before those after it. Depth uses no call
 * stack, and memory holds only names of folders. Paths are raw and relative to the root of the walk; '' or
 * with a trailing slash.
 */
export class FolderStack {
  readonly #stack: Siblings[] = [];

  /**
   * The subfolders of a folder that was listed, in order.
   * @param after the subfolder that an earlier walk entered last: only those after it are left
   */
  push(parent: string, names: readonly string[], after?: string): void {
    const next = after === undefined ? 0 : firstAfter(names, after);
    this.#stack.push({ parent, names, next });
  }

  /** The next folder, or null at the end. */
  pop(): string | null {
    for (let top = this.#stack.at(-1); top !== undefined; top = this.#stack.at(-1)) {
      const name = top.names[top.next];
      top.next += 1;
      if (name !== undefined) return `${top.parent}${name}/`;
      this.#stack.pop();
    }
    return null;
  }
}

/** The index of the first name that comes after `name`. */
export function firstAfter(sorted: readonly string[], name: string): number {
  const at = sorted.findIndex((other) => other > name);
  return at < 0 ? sorted.length : at;
}
