import { type FileSteps, type FolderLocks, removeQuietly } from '@tandem/files';
import type { SidecarFormat } from '../generated/formats.ts';
import { type Conversion, isConversion } from './conversion.ts';
import { FolderNames } from './folder-names.ts';
import type { ConvertGroup } from './group.ts';
import type { Group, GroupPlanner, PlainFile } from './group-planner.ts';
import type { Made, NativeConvert } from './native-convert.ts';
import { ownFolder } from './own-folder.ts';
import type { Planner } from './planner.ts';

/** The parts that the plain files of a run are staged with. */
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
 * Lets the addon stage the plain files of groups, and passes their rows to their batches and the staged files
 * to the group. In a folder that this run has not locked, the first file is examined first: the others nearly
 * always have the same outcome, so all of them are then either staged at once, under the lock, or only
 * examined.
 */
export class PlainStaging {
  readonly #parts: StagingParts;

  constructor(parts: StagingParts) {
    this.#parts = parts;
  }

  /** Leaves nothing behind if the addon fails. */
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
   * One call of the addon; returns the remaining files.
   * @param known folders that this run has not locked and in which a file was examined
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

  /** Whether a file that was only examined is to be converted, and its folder can be locked. */
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

  /**
   * A file as it is now that its folder is locked: the folder may have changed before that, and the file may
   * no longer be plain.
   */
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
