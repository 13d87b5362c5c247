import { createHash } from 'node:crypto';

/** A folder or file among the selected files: spec/schema/tree-hash.md. */
export interface TreeNode {
  /** SHA-256 in hex: of a file's bytes, or over a folder's entries. */
  readonly hash: string;
  /** The entries of a folder, by name; a file has none. */
  readonly entries?: Readonly<Record<string, TreeNode>>;
}

/** One file or folder that differs between two trees. */
export interface TreeChange {
  /** The path below the base folder; the path of a folder ends with a slash. */
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
}

const DOMAIN = 'tandem-tree-1\0';

/**
 * The tree of some files.
 * @param files their labels, with slashes, and the SHA-256 of their bytes in hex
 */
export function treeOf(files: Iterable<{ readonly label: string; readonly hash: string }>): TreeNode {
  const root: Folder = new Map();
  for (const { label, hash } of files) {
    const names = label.split('/');
    const name = names.pop() as string;
    let folder = root;
    for (const each of names) {
      const known = folder.get(each);
      const next: Folder = known instanceof Map ? known : new Map();
      if (next !== known) folder.set(each, next);
      folder = next;
    }
    folder.set(name, hash);
  }
  return nodeOf(root);
}

/** The differences, folders before their contents, by the bytes of their names. */
export function treeChanges(before: TreeNode, after: TreeNode): TreeChange[] {
  const changes: TreeChange[] = [];
  compare(before, after, '', changes);
  return changes;
}

type Folder = Map<string, string | Folder>;

function nodeOf(folder: Folder): TreeNode {
  const names = [...folder.keys()].sort(byBytes);
  const entries: Record<string, TreeNode> = Object.create(null) as Record<string, TreeNode>;
  const hash = createHash('sha256').update(DOMAIN).update(number(names.length));
  for (const name of names) {
    const entry = folder.get(name) as string | Folder;
    const node = typeof entry === 'string' ? { hash: entry } : nodeOf(entry);
    entries[name] = node;
    const bytes = Buffer.from(name);
    hash
      .update(typeof entry === 'string' ? 'f' : 'd')
      .update(number(bytes.length))
      .update(bytes);
    hash.update(Buffer.from(node.hash, 'hex'));
  }
  return { hash: hash.digest('hex'), entries };
}

/** u32, little-endian. */
function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function compare(before: TreeNode, after: TreeNode, path: string, changes: TreeChange[]): void {
  const names = new Set([...Object.keys(before.entries ?? {}), ...Object.keys(after.entries ?? {})]);
  for (const name of [...names].sort(byBytes)) {
    const old = before.entries?.[name];
    const now = after.entries?.[name];
    if (old?.hash === now?.hash && isFolder(old) === isFolder(now)) continue;
    if (old !== undefined && now !== undefined && isFolder(old) === isFolder(now)) {
      changes.push({ path: pathOf(path, name, now), change: 'changed' });
      if (isFolder(now)) compare(old, now, `${path}${name}/`, changes);
      continue;
    }
    if (old !== undefined) all(old, path, name, 'removed', changes);
    if (now !== undefined) all(now, path, name, 'added', changes);
  }
}

function all(
  node: TreeNode,
  path: string,
  name: string,
  change: 'added' | 'removed',
  changes: TreeChange[],
): void {
  changes.push({ path: pathOf(path, name, node), change });
  for (const [below, entry] of Object.entries(node.entries ?? {})) {
    all(entry, `${path}${name}/`, below, change, changes);
  }
}

function isFolder(node: TreeNode | undefined): boolean {
  return node?.entries !== undefined;
}

function pathOf(path: string, name: string, node: TreeNode): string {
  return `${path}${name}${isFolder(node) ? '/' : ''}`;
}
