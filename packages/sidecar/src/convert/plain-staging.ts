import { type FileSteps, removeQuietly } from '@tandem/files';
import type { SidecarFormat } from '../formats/format.ts';
import type { FolderLocks } from '../store/folder-locks.ts';
import { type Conversion, isConversion } from './conversion.ts';
import { FolderNames } from './folder-names.ts';
import type { ConvertGroup } from './group.ts';
import type { Group, GroupPlanner, PlainFile } from './group-planner.ts';
import type { Made, NativeConvert } from './native-convert.ts';
import { ownFolder } from './own-folder.ts';
import type { Planner } from './planner.ts';

/** What the plain files of a run are staged with. */
export interface StagingParts {
  readonly native: NativeConvert;
  readonly to: SidecarFormat;
  /** Null in a dry run: nothing is written. */
  readonly locks: FolderLocks | null;
  readonly planner: Planner;
  readonly groups: GroupPlanner;
  /** Numbers the staged files. */
  readonly group: ConvertGroup;
  readonly steps: FileSteps;
}

/** Has the addon stage the plain files of groups, gives their rows to their batches, and what is to be placed to the group. */
export class PlainStaging {
  readonly #parts: StagingParts;

  constructor(parts: StagingParts) {
    this.#parts = parts;
  }

  /** Leaves nothing where the addon fails. */
  async stage({ plain, conversions }: Group): Promise<void> {
    try {
      for (let left = plain; left.length > 0; ) left = await this.#stage(left, conversions);
    } catch (error) {
      for (const { staged } of conversions)
        if (staged !== null) removeQuietly(staged.path, this.#parts.steps);
      throw error;
    }
  }

  /** Gives the files whose folder was not ours and is now: they are read once more. */
  async #stage(plain: readonly PlainFile[], conversions: Conversion[]): Promise<PlainFile[]> {
    const { native, locks, group, steps, to, planner } = this.#parts;
    const files = plain.map(({ file }) => file);
    const isOurs = (folder: string): boolean => locks?.has(folder) ?? false;
    const made = await native.stage(files, isOurs, group.reserve(files.length), steps);
    const again: PlainFile[] = [];
    const relisted = new Map<string, FolderNames>();
    for (const [index, one] of made.entries()) {
      const { file, batch, slot } = plain[index] as PlainFile;
      if (!this.#isOursOnlyNow(one, file.paths.prefix)) {
        this.#take(one, batch, slot, conversions);
        continue;
      }
      const folder = file.paths.prefix;
      const names = relisted.get(folder) ?? new FolderNames(folder, to);
      relisted.set(folder, names);
      const anew = { file: { ...file, names }, batch, slot };
      if (planner.isPlain(anew.file)) again.push(anew);
      else this.#planHere(anew, conversions);
    }
    return again;
  }

  /** Whether a file is to be converted that was only looked at, and its folder can be had. */
  #isOursOnlyNow({ entry, conversion }: Made, folder: string): boolean {
    const { locks } = this.#parts;
    if (locks === null || conversion !== null || entry?.outcome.status !== 'converted') return false;
    return ownFolder(locks, { folder, entry });
  }

  #take(
    { entry, conversion, read }: Made,
    batch: PlainFile['batch'],
    slot: number,
    conversions: Conversion[],
  ): void {
    batch.bytes += read;
    if (entry === null) batch.otherOperation += 1;
    else batch.slots[slot] = entry;
    if (conversion !== null) conversions.push(conversion);
  }

  /** Somebody has changed the folder until it was ours. */
  #planHere({ file, batch, slot }: PlainFile, conversions: Conversion[]): void {
    const plan = this.#parts.groups.planHere(batch, file);
    if (plan === null) return;
    batch.slots[slot] = isConversion(plan) ? plan.entry : plan;
    if (isConversion(plan)) conversions.push(plan);
  }
}
