import { TandemError } from '@tandem/engine';
import { realPath, rootPrefix } from '@tandem/files';
import type { ProjectConfig } from '../project/project-config.ts';
import { type Block, buildOrder } from './build-order.ts';
import { commonFolder, within } from './folders.ts';
import type { SelectedFile } from './selected-file.ts';
import { type WalkedEntry, type WalkWitness, walkEntry } from './walk-entry.ts';

/** Receives what a selection depends on in addition to the files that it chooses; paths are raw. */
export interface SelectionWitness extends WalkWitness {
  /** A file that was found is a link to another file. */
  link(path: string, target: string): void;
}

export interface SelectOptions {
  /** Omit seed files. */
  readonly schemaOnly?: boolean;
  readonly witness?: SelectionWitness;
}

/**
 * The files of a build in build order, as confiture 1.29 chooses and orders them (core/builder.py); no file
 * is read.
 * @throws {TandemError} ERR_TANDEM_NO_SQL_FILES, and what walkEntry throws
 */
export function selectFiles(project: ProjectConfig, options: SelectOptions = {}): readonly SelectedFile[] {
  const blocks = selectBlocks(project, options);
  return blocks.length === 1 && blocks[0] !== undefined
    ? blocks[0].files
    : blocks.flatMap(({ files }) => files);
}

/** The same files, grouped by their `order`; no block is empty. @throws {TandemError} as selectFiles */
export function selectBlocks(
  project: ProjectConfig,
  { schemaOnly = false, witness }: SelectOptions = {},
): readonly Block[] {
  // Includes folders that do not exist.
  const base = commonFolder(project.includes.map(({ path }) => path));
  // Array.sort is stable: among equal entries, the one that is listed first owns a file.
  const entries = [...project.includes].sort((one, other) => one.order - other.order);
  const walked = onceEach(
    entries.map((entry) => walkEntry(entry, base, project, witness)),
    witness,
  );
  const blocks = buildOrder(walked, project.sortMode)
    // Seeds take part in the ordering: their numbers count.
    .map((block) => (schemaOnly ? { ...block, files: block.files.filter(({ isSeed }) => !isSeed) } : block))
    .filter(({ files }) => files.length > 0);
  if (blocks.length > 0) return blocks;
  const folders = project.includes.map(({ spelled }) => spelled).join(', ');
  throw new TandemError('ERR_TANDEM_NO_SQL_FILES', { params: { folders, config: project.file } });
}

/**
 * A real file is built once, at its first occurrence. Only links, their targets and nested folders need a
 * check.
 */
function onceEach(walked: readonly WalkedEntry[], witness?: SelectionWitness): readonly WalkedEntry[] {
  const folders = walked.map(({ entry }) => entry.path);
  const shared = folders
    .filter((folder, at) => folders.some((other, place) => at !== place && within(other)(folder)))
    .map(rootPrefix);
  const targets = new Map(walked.flatMap(({ links }) => [...links].map((link) => [link, realPath(link)])));
  if (witness !== undefined) for (const [link, target] of targets) witness.link(link, target);
  if (targets.size === 0 && shared.length === 0) return walked;
  const linked = new Set(targets.values());
  const seen = new Set<string>();
  return walked.map((one) => ({
    ...one,
    files: one.files.filter(({ path }) => {
      // Folders are already real paths: only a link is another name of a file.
      const real = targets.size === 0 ? path : (targets.get(path) ?? path);
      if ((targets.size === 0 || !linked.has(real)) && !shared.some((folder) => real.startsWith(folder)))
        return true;
      if (seen.has(real)) return false;
      seen.add(real);
      return true;
    }),
  }));
}
