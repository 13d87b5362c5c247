import { TandemError } from '@tandem/engine';
import { within } from '../selection/folders.ts';
import type { Wanted } from './check-out.ts';
import type { RevisionTree, TreeEntry } from './revision-tree.ts';

/**
 * What has to be on the disk so that some folders are there with all that is in them: links and what they lead to, too, and the attributes
 * that say how git checks files out.
 * @param paths raw, from the top of the repository; what is not there is passed over
 * @param excluded raw; what is below them is left out
 * @throws {TandemError} ERR_TANDEM_NOT_IN_REVISION for what a submodule holds, or lies outside of the repository
 */
export async function wantedEntries(
  tree: RevisionTree,
  revision: string,
  paths: readonly string[],
  excluded: readonly string[] = [],
): Promise<Wanted> {
  const isExcluded = excluded.map(within);
  const entries = new Map<string, TreeEntry>();
  const folders = new Set<string>();
  const outside = new Set<string>();
  const keep = (found: readonly TreeEntry[]): void => {
    for (const entry of found) entries.set(entry.path, entry);
  };
  for (const path of paths) {
    const { entry, isOutside, passed } = await tree.walk(path);
    if (isOutside) throw notIn(revision, path, 'a link leads out of the repository');
    keep(passed);
    if (entry?.kind === 'submodule') throw isSubmodule(revision, entry.path);
    if (entry?.kind === 'file') keep([entry]);
    if (entry?.kind !== 'folder') continue;
    // An empty tree has no entries, and so no folder.
    folders.add(entry.path);
    const below = (await tree.below(entry)).filter((each) => !isExcluded.some((isIn) => isIn(each.path)));
    const submodule = below.find(({ kind }) => kind === 'submodule');
    if (submodule !== undefined) throw isSubmodule(revision, submodule.path);
    keep(below);
    for (const link of below.filter(({ kind }) => kind === 'link')) {
      const led = await tree.walk(link.path);
      keep(led.passed);
      if (led.isOutside) outside.add(link.path);
      else if (led.entry?.kind === 'file') keep([led.entry]);
      else if (led.entry?.kind === 'folder') folders.add(led.entry.path);
    }
  }
  return { entries, folders, outside };
}

function isSubmodule(revision: string, path: string): TandemError {
  return notIn(revision, path, 'it is a submodule, whose files are in a repository of their own');
}

function notIn(revision: string, raw: string, problem: string): TandemError {
  const what = Buffer.from(raw, 'latin1').toString();
  const cure = 'compare two folders where both are checked out';
  return new TandemError('ERR_TANDEM_NOT_IN_REVISION', { params: { what, revision, problem, cure } });
}
