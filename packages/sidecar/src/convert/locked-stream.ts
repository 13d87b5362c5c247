import type { BatchSource, BatchStream, FallbackEvent, Selection } from '@tandem/engine';
import {
  type FileSteps,
  type Lock,
  type LockPurpose,
  lockTree,
  type Run,
  removeQuietly,
} from '@tandem/files';
import { isStop } from '@tandem/job';
import type { RowBatch } from '@tandem/native';

/** How long a stopped run waits for its engine to finish. */
const GRACE_MS = 2000;

/** What a run leaves in its root while it is at work. */
export interface RunPlaces {
  readonly run: Run;
  readonly purpose: LockPurpose;
  /** Whether a run that reaches its end has done the work that an interrupted run left. */
  readonly finishes: boolean;
  /** Raw paths. The folder has a trailing slash. */
  readonly folder: string;
  readonly journal: string;
}

/**
 * A stream under the lock of its tree, which is taken before the first batch and released when nothing of the
 * run is at work any longer.
 */
export class LockedStream implements BatchStream<RowBatch> {
  readonly #stream: BatchStream<RowBatch>;
  readonly #sources: readonly BatchSource<RowBatch>[];
  readonly #places: RunPlaces;
  readonly #steps: FileSteps;
  #lock: Lock | null = null;

  /** @param sources those that the stream has begun; read when it has ended */
  constructor(
    stream: BatchStream<RowBatch>,
    sources: readonly BatchSource<RowBatch>[],
    places: RunPlaces,
    steps: FileSteps,
  ) {
    this.#stream = stream;
    this.#sources = sources;
    this.#places = places;
    this.#steps = steps;
  }

  get selection(): Selection {
    return this.#stream.selection;
  }

  /** Checked before each change of the run. Throws ERR_TANDEM_LOCK_LOST. */
  hold(): void {
    this.#lock?.hold();
  }

  get fallbacks(): readonly FallbackEvent[] {
    return this.#stream.fallbacks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RowBatch, undefined, undefined> {
    const { run, purpose, finishes, folder, journal } = this.#places;
    const lock = lockTree(folder, purpose, this.#steps, run);
    this.#lock = lock;
    let isWhole = false;
    let isStopped = false;
    try {
      yield* this.#stream;
      isWhole = true;
    } catch (error) {
      isStopped = isStop(error);
      throw error;
    } finally {
      const ended = this.#rest().then(() => {
        removeQuietly(journal, this.#steps);
        lock.release(isWhole && finishes);
      });
      // An engine that hangs keeps the lock, but does not keep the consumer of the run waiting.
      await (isStopped ? withinGrace(ended) : ended);
    }
  }

  /**
   * A consumer that leaves early does not wait for the files in progress, but the next holder of the lock
   * must not encounter them. A source that was cancelled ends its groups and then returns null, however long
   * a sync takes.
   */
  async #rest(): Promise<void> {
    for (const source of this.#sources) {
      source.cancel();
      try {
        while ((await source.next()) !== null);
      } catch {
        // It has failed, and the stream has received the error.
      }
    }
  }
}

async function withinGrace(ended: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const graceOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE_MS);
  });
  await Promise.race([ended, graceOver]);
  clearTimeout(timer);
}
