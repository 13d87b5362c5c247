import { git } from './git.ts';
import { commitOf, type Repository } from './repository.ts';

/** One entry of a revision's tree. */
export interface TreeEntry {
  readonly kind: 'file' | 'link' | 'folder' | 'submodule';
  /** As git writes it, such as 100644. */
  readonly mode: string;
  readonly oid: string;
  /** Raw, from the top of the repository. */
  readonly path: string;
}

/** Where a path comes to, links followed. */
export interface Walked {
  /** What is there; null for nothing, and for links that go round. */
  readonly entry: TreeEntry | null;
  /** It leads out of the repository, or into a submodule. */
  readonly isOutside: boolean;
  /** What has to be there so that a path leads the same way on a disk: links, and the attributes of the folders that were passed. */
  readonly passed: readonly TreeEntry[];
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = {
  '040000': 'folder',
  '120000': 'link',
  '160000': 'submodule',
};
/** Linux's limit. */
const MOST_LINKS = 40;

/** The tree of a commit, read folder by folder as it is asked for. */
export class RevisionTree {
  readonly repository: Repository;
  readonly #root: TreeEntry;
  readonly #listings = new Map<string, Promise<ReadonlyMap<string, TreeEntry>>>();
  readonly #targets = new Map<string, string>();

  private constructor(repository: Repository, commit: string) {
    this.repository = repository;
    this.#root = { kind: 'folder', mode: '040000', oid: commit, path: '' };
  }

  /** @throws {TandemError} ERR_TANDEM_NO_REVISION */
  static async open(repository: Repository, revision: string): Promise<RevisionTree> {
    return new RevisionTree(repository, await commitOf(repository, revision));
  }

  /** Follows a path from the top, as a disk would. @param path raw, without . and .. */
  async walk(path: string): Promise<Walked> {
    const passed: TreeEntry[] = [];
    const left = path.split('/').filter(Boolean).reverse();
    let way: TreeEntry[] = [this.#root];
    let links = 0;
    const end = (entry: TreeEntry | null, isOutside = false): Walked => ({ entry, isOutside, passed });
    for (;;) {
      const here = way.at(-1) as TreeEntry;
      const name = left.pop();
      if (name === undefined) return end(here);
      if (name === '' || name === '.') continue;
      if (name === '..') {
        way = way.slice(0, -1);
        if (way.length === 0) return end(null, true);
        continue;
      }
      if (here.kind !== 'folder') return end(null, here.kind === 'submodule');
      const listing = await this.#list(here);
      const attributes = listing.get('.gitattributes');
      if (attributes?.kind === 'file') passed.push(attributes);
      const entry = listing.get(name);
      if (entry === undefined) return end(null);
      if (entry.kind !== 'link') {
        way.push(entry);
        continue;
      }
      passed.push(entry);
      links += 1;
      const [target = ''] = await this.#targetsOf([entry]);
      if (target.startsWith('/')) return end(null, true);
      if (links > MOST_LINKS) return end(null);
      left.push(...target.split('/').reverse());
    }
  }

  /** All that is below a folder, but the folders. */
  async below(folder: TreeEntry): Promise<TreeEntry[]> {
    const entries = await this.#read(folder, ['-r']);
    // One question for all of them.
    await this.#targetsOf(entries.filter(({ kind }) => kind === 'link'));
    return entries;
  }

  #list(folder: TreeEntry): Promise<ReadonlyMap<string, TreeEntry>> {
    const known = this.#listings.get(folder.path);
    if (known !== undefined) return known;
    const prefix = folder.path === '' ? 0 : folder.path.length + 1;
    const listing = this.#read(folder, []).then(
      (entries) => new Map(entries.map((entry) => [entry.path.slice(prefix), entry])),
    );
    this.#listings.set(folder.path, listing);
    return listing;
  }

  /** By its oid, so that a name need not be one that a command line can hold. */
  async #read({ oid, path }: TreeEntry, flags: readonly string[]): Promise<TreeEntry[]> {
    const listing = await this.#git(['ls-tree', '-z', '--full-tree', ...flags, oid]);
    const prefix = path === '' ? '' : `${path}/`;
    // `<mode> <type> <oid>` TAB `<path>` NUL.
    const lines = listing.toString('latin1').split('\0').slice(0, -1);
    return lines.map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , entry = ''] = line.slice(0, tab).split(' ');
      return { kind: KINDS[mode] ?? 'file', mode, oid: entry, path: prefix + line.slice(tab + 1) };
    });
  }

  /** Where links lead, raw. */
  async #targetsOf(links: readonly TreeEntry[]): Promise<string[]> {
    const asked = [...new Set(links.map(({ oid }) => oid))].filter((oid) => !this.#targets.has(oid));
    if (asked.length > 0) {
      const input = Buffer.from(asked.map((oid) => `${oid}\n`).join(''));
      const answer = await this.#git(['cat-file', '--batch'], input);
      let at = 0;
      for (const oid of asked) {
        // `<oid> blob <size>`, the bytes, a line feed.
        const begin = answer.indexOf('\n', at) + 1;
        const size = Number(answer.toString('latin1', at, begin).split(' ')[2]);
        this.#targets.set(oid, answer.toString('latin1', begin, begin + size));
        at = begin + size + 1;
      }
    }
    return links.map(({ oid }) => this.#targets.get(oid) as string);
  }

  #git(args: readonly string[], input?: Uint8Array): Promise<Buffer> {
    const { gitDir, top, signal } = this.repository;
    const call = { folder: top, signal, ...(input === undefined ? {} : { input }) };
    return git([`--git-dir=${gitDir}`, ...args], call);
  }
}
