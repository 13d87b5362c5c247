import { IndexHeap } from '../order/index-heap.ts';
import type { ResolvedNeed } from '../order/need.ts';
import type { Stopped } from '../verify/apply-schema.ts';
import type { FileTrial } from './file-trial.ts';
import type { InferredNeed, NeedKind } from './inferred-need.ts';
import type { MissingObject } from './missing-object.ts';
import type { Supplier } from './suppliers.ts';

/** The operations on files that a trial needs; files are identified by their indices. */
export interface TrialQuestions {
  /** Applies a file, or determines what it lacks. */
  apply(file: number): Promise<FileTrial>;
  /** What a file lacks according to a failure; null if the failure does not show it. */
  missing(file: number, failure: Stopped): (MissingObject & { readonly line: number }) | null;
  /** Files that may supply it, among those that are not applied yet. */
  suppliers(missing: MissingObject, isOpen: (file: number) => boolean): readonly Supplier[];
  /** Whether the file itself creates it. */
  isOwn(file: number, missing: MissingObject): boolean;
}

/** Why a file was postponed. */
interface Wait {
  /** Distinguishes it from the other waits of its file. */
  readonly key: string;
  readonly line: number;
  readonly object: string;
  readonly kind: NeedKind;
  readonly isCertain: boolean;
  /** Any one of these is enough; empty if it is not known what would help. */
  readonly suppliers: readonly Supplier[];
}

interface PutOff {
  readonly waits: readonly Wait[];
  /** By the keys of the waits. */
  readonly met: Map<string, Supplier>;
  /** Empty for a file that was not tried yet. */
  readonly failures: readonly Stopped[];
  /** The number of files that were applied when it was tried; infinite for a file that is not tried again. */
  readonly triedAt: number;
}

/**
 * syntax_error; feature_not_supported and undefined_file, for example for an extension that the server does
 * not have.
 */
const BEYOND_HELP: ReadonlySet<string> = new Set(['42601', '0A000', '58P01']);

/**
 * Applies files in their order. A file that fails is postponed until a file that may supply what it lacks has
 * been applied, so that each position takes the first file that can be applied there. With the needs that
 * this finds, the result is the order of orderByNeed.
 */
export class TrialOrder {
  /** The applied files, in the order of application. */
  readonly order: number[] = [];
  /** What files were postponed for and then received. */
  readonly needs: InferredNeed[] = [];
  /** At the end, the files that could not be applied. */
  readonly putOff: Map<number, PutOff> = new Map();
  readonly #questions: TrialQuestions;
  readonly #said: ReadonlyMap<number, readonly ResolvedNeed[]>;
  readonly #kept: ReadonlyMap<number, readonly InferredNeed[]>;
  readonly #isApplied: boolean[];
  readonly #ready = new IndexHeap();
  /** For a ready file that was postponed, the file that it waited for. */
  readonly #wokenBy = new Map<number, number>();
  readonly #waiting = new Map<number, Set<number>>();

  /**
   * @param said the needs that lines of the files declare
   * @param kept the files that a file stays after, as long as that is possible
   */
  constructor(
    files: number,
    said: readonly ResolvedNeed[],
    kept: readonly InferredNeed[],
    questions: TrialQuestions,
  ) {
    this.#questions = questions;
    this.#said = byFile(said);
    this.#kept = byFile(kept);
    this.#isApplied = new Array(files).fill(false);
    for (let file = 0; file < files; file++) this.#ready.push(file);
  }

  /** Runs until no further file can be applied. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const file = this.#ready.pop();
      if (file !== undefined) {
        const waits = this.putOff.has(file) ? [] : this.#waitsBefore(file);
        if (waits.length > 0) this.#wait(file, { waits, met: new Map(), failures: [], triedAt: -1 });
        else await this.#try(file);
        continue;
      }
      const again = this.#firstToTryAgain();
      if (again === null) return;
      const last = this.order.at(-1);
      if (last !== undefined) this.#wokenBy.set(again, last);
      await this.#try(again);
    }
  }

  /** The outcome for a postponed file, as far as PostgreSQL's messages show it. */
  outcome(file: number): 'beyond help' | 'lacks' | 'waits' {
    const state = this.putOff.get(file);
    if (state === undefined || state.failures.length === 0) return 'waits';
    if (isBeyondHelp(state)) return 'beyond help';
    const left = (state.waits[0]?.suppliers ?? []).flatMap((supplier) => {
      const other = this.putOff.get(supplier.file);
      return other === undefined ? [] : [supplier.isCreator || isBeyondHelp(other)];
    });
    return left.includes(true) ? 'waits' : 'lacks';
  }

  /** What a file waits for and another remaining file creates. */
  steps(file: number): InferredNeed[] {
    const { waits = [] } = this.putOff.get(file) ?? {};
    return waits.flatMap((wait) =>
      wait.suppliers
        .filter((supplier) => supplier.isCreator && this.putOff.has(supplier.file))
        .map((supplier) => needOf(file, wait, supplier)),
    );
  }

  /** What prevents a file from being tried. */
  #waitsBefore(file: number): Wait[] {
    const said = (this.#said.get(file) ?? []).map(
      ({ line, target }): Wait => ({
        ...{ key: `requires ${target}`, line, object: '', kind: 'requires', isCertain: true },
        suppliers: [{ file: target, line: 1, object: '', isCreator: true }],
      }),
    );
    const kept = (this.#kept.get(file) ?? []).map(
      ({ line, object, target, targetLine, kind }): Wait => ({
        ...{ key: `${object} ${target}`, line, object, kind, isCertain: false },
        suppliers: [{ file: target, line: targetLine ?? 1, object, isCreator: false }],
      }),
    );
    return [...said, ...kept].filter(({ suppliers: [only] }) => !this.#isApplied[only?.file ?? -1]);
  }

  async #try(file: number): Promise<void> {
    const { failures, isHalf } = await this.#questions.apply(file);
    const before = this.putOff.get(file);
    const waits = this.#waitsAfter(file, failures);
    const keys = new Set(waits.map(({ key }) => key));
    const got = (before?.waits ?? []).flatMap((wait) => {
      const supplier = before?.met.get(wait.key);
      return supplier === undefined || keys.has(wait.key) ? [] : [needOf(file, wait, supplier)];
    });
    // Needs that lines declare are already known.
    for (const need of got) if (need.kind !== 'requires') this.needs.push(need);
    if (failures.length === 0) {
      this.#addLast(file, before?.waits[0], got);
      this.#applied(file);
      return;
    }
    const isLast = isHalf || failures.some(cannotBeHelped);
    const triedAt = isLast ? Number.POSITIVE_INFINITY : this.order.length;
    this.#wait(file, { waits, met: new Map(), failures, triedAt });
  }

  #waitsAfter(file: number, failures: readonly Stopped[]): Wait[] {
    const waits = new Map<string, Wait>();
    for (const [index, failure] of failures.entries()) {
      const missing = this.#questions.missing(file, failure);
      const suppliers =
        missing === null
          ? []
          : this.#questions.suppliers(missing, (other) => other !== file && !this.#isApplied[other]);
      // Failures after the first may only be consequences of it.
      if (index > 0 && (missing === null || suppliers.length === 0 || this.#questions.isOwn(file, missing)))
        continue;
      const { line = 1, what: object = 'something', kind = 'object' } = missing ?? {};
      const key = `${kind} ${object}`;
      if (!waits.has(key)) waits.set(key, { key, line, object, kind, isCertain: true, suppliers });
    }
    return [...waits.values()];
  }

  #wait(file: number, state: PutOff): void {
    this.#wokenBy.delete(file);
    this.putOff.set(file, state);
    for (const { suppliers } of state.waits) {
      for (const supplier of suppliers) {
        const waiting = this.#waiting.get(supplier.file);
        if (waiting === undefined) this.#waiting.set(supplier.file, new Set([file]));
        else waiting.add(file);
      }
    }
  }

  /**
   * The position of a file results from the file after which it was tried again, even if PostgreSQL's message
   * does not point to that file.
   */
  #addLast(file: number, wait: Wait | undefined, got: readonly InferredNeed[]): void {
    const target = this.#wokenBy.get(file);
    if (wait === undefined || target === undefined || got.some((need) => need.target === target)) return;
    const { line, object, kind } = wait;
    this.needs.push({ file, line, object, target, targetLine: 1, kind, isCertain: false });
  }

  #applied(file: number): void {
    this.#isApplied[file] = true;
    this.putOff.delete(file);
    this.order.push(file);
    for (const other of this.#waiting.get(file) ?? []) this.#wake(other, file);
    this.#waiting.delete(file);
  }

  /** Makes a file ready if it waited for this other file, and for nothing else that is known. */
  #wake(file: number, by: number): void {
    const state = this.putOff.get(file);
    if (state === undefined) return;
    const { waits, met } = state;
    for (const { key, suppliers } of waits) {
      const supplier = suppliers.find((each) => each.file === by);
      if (supplier !== undefined && !met.has(key)) met.set(key, supplier);
    }
    const isReady = waits.every(({ key, suppliers }) => suppliers.length === 0 || met.has(key));
    if (!isReady || this.#wokenBy.has(file) || isBeyondHelp(state)) return;
    this.#wokenBy.set(file, by);
    this.#ready.push(file);
  }

  /**
   * For when nothing is ready: the first postponed file whose last attempt preceded the application of
   * another file, or that only stays after another file as long as that is possible.
   */
  #firstToTryAgain(): number | null {
    let first: number | null = null;
    for (const [file, { waits, met, triedAt }] of this.putOff) {
      const isHeld = waits.some(({ kind, key }) => kind === 'requires' && !met.has(key));
      if (!isHeld && triedAt < this.order.length && (first === null || file < first)) first = file;
    }
    return first;
  }
}

function needOf(file: number, { line, object, kind, isCertain }: Wait, supplier: Supplier): InferredNeed {
  const { file: target, line: targetLine } = supplier;
  return { file, line, object: supplier.object || object, target, targetLine, kind, isCertain };
}

function isBeyondHelp({ triedAt }: PutOff): boolean {
  return triedAt === Number.POSITIVE_INFINITY;
}

/** Whether no other file can resolve the failure. */
export function cannotBeHelped({ why }: Stopped): boolean {
  return why.kind !== 'refused' || BEYOND_HELP.has(why.failure.server.sqlstate);
}

function byFile<Need extends ResolvedNeed>(needs: readonly Need[]): Map<number, Need[]> {
  const found = new Map<number, Need[]>();
  for (const need of needs) {
    const known = found.get(need.file);
    if (known === undefined) found.set(need.file, [need]);
    else known.push(need);
  }
  return found;
}
