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

/**
 * Has the addon stage the plain files of groups, gives their rows to their batches, and what is to be placed to the group. Of a folder
 * that is not ours the first file is looked at first: nearly always the others have the same fate, so they are staged at once, under
 * the lock, or only looked at.
 */
export class PlainStaging {
  readonly #parts: StagingParts;

  constructor(parts: StagingParts) {
    this.#parts = parts;
  }

  /** Leaves nothing where the addon fails. */
  async stage({ plain, conversions }: Group): Promise<void> {
    const known = new Set<string>();
    try {
      for (let left = plain; left.length > 0; ) left = await this.#stageSome(left, known, conversions);
    } catch (error) {
      for (const { staged } of conversions)
        if (staged !== null) removeQuietly(staged.path, this.#parts.steps);
      throw error;
    }
  }

  /**
   * One call of the addon; gives the files that are left.
   * @param known folders that are not ours, and of which a file was looked at
   */
  async #stageSome(
    left: readonly PlainFile[],
    known: Set<string>,
    conversions: Conversion[],
  ): Promise<PlainFile[]> {
    const { native, locks, group, steps, to } = this.#parts;
    const isOurs = (folder: string): boolean => locks?.has(folder) ?? false;
    const begun = new Set<string>();
    const now = left.filter(({ file: { paths } }) => {
      const isFirst = !begun.has(paths.prefix);
      begun.add(paths.prefix);
      return isFirst || locks === null || isOurs(paths.prefix) || known.has(paths.prefix);
    });
    const files = now.map(({ file }) => file);
    const made = await native.stage(files, isOurs, group.reserve(files.length), steps);
    for (const folder of begun) known.add(folder);
    const done = new Set<PlainFile>();
    const relisted = new Map<string, FolderNames>();
    for (const [index, one] of made.entries()) {
      const plain = now[index] as PlainFile;
      const folder = plain.file.paths.prefix;
      if (this.#isOursOnlyNow(one, folder)) {
        if (!relisted.has(folder)) relisted.set(folder, new FolderNames(folder, to));
      } else {
        this.#take(one, plain, conversions);
        done.add(plain);
      }
    }
    return left.filter((one) => !done.has(one)).flatMap((one) => this.#anew(one, relisted, conversions));
  }

  /** Whether a file is to be converted that was only looked at, and its folder can be had. */
  #isOursOnlyNow({ entry, conversion }: Made, folder: string): boolean {
    const { locks } = this.#parts;
    if (locks === null || conversion !== null || entry?.outcome.status !== 'converted') return false;
    return ownFolder(locks, { folder, entry });
  }

  #take({ entry, conversion, read }: Made, { batch, slot }: PlainFile, conversions: Conversion[]): void {
    batch.bytes += read;
    if (entry === null) batch.otherOperation += 1;
    else batch.slots[slot] = entry;
    if (conversion !== null) conversions.push(conversion);
  }

  /** A file as it is now that its folder is ours: until then somebody may have changed that, and the file is no longer plain. */
  #anew(one: PlainFile, relisted: ReadonlyMap<string, FolderNames>, conversions: Conversion[]): PlainFile[] {
    const names = relisted.get(one.file.paths.prefix);
    if (names === undefined) return [one];
    const { batch, slot } = one;
    const file = { ...one.file, names };
    if (this.#parts.planner.isPlain(file)) return [{ file, batch, slot }];
    const plan = this.#parts.groups.planHere(batch, file);
    if (plan !== null) batch.slots[slot] = isConversion(plan) ? plan.entry : plan;
    if (plan !== null && isConversion(plan)) conversions.push(plan);
    return [];
  }
}
