import type { BatchSource, BatchStream, FallbackEvent, Selection } from '@tandem/engine';
import type { ScanBatch } from '../engines/requests.ts';
import { removeQuietly } from '../store/atomic-write.ts';
import type { FileSteps } from '../store/file-steps.ts';
import { acquireLock } from '../store/lock.ts';
import type { Run } from '../store/run-id.ts';
import { sweepRoot } from './sweep.ts';

/** What a run leaves in its root while it is at work. */
export interface RunPlaces {
  readonly run: Run;
  /** Raw paths. The folder has a slash at its end. */
  readonly folder: string;
  readonly lock: string;
  readonly journal: string;
}

/** A stream under the lock of its tree: taken before the first batch, and let go of when nothing of the run is at work any more. */
export class LockedStream implements BatchStream<ScanBatch> {
  readonly #stream: BatchStream<ScanBatch>;
  readonly #sources: readonly BatchSource<ScanBatch>[];
  readonly #places: RunPlaces;
  readonly #steps: FileSteps;

  /** @param sources those that the stream has begun; read when it has ended */
  constructor(
    stream: BatchStream<ScanBatch>,
    sources: readonly BatchSource<ScanBatch>[],
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

  get fallbacks(): readonly FallbackEvent[] {
    return this.#stream.fallbacks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ScanBatch, undefined, undefined> {
    const { run, folder, lock, journal } = this.#places;
    const held = acquireLock(lock, 'convert', this.#steps, run);
    try {
      sweepRoot(folder, this.#steps);
      yield* this.#stream;
    } finally {
      await this.#rest();
      removeQuietly(journal, this.#steps);
      held.release();
    }
  }

  /**
   * A consumer that leaves early does not wait for the files that are under way; whoever takes the lock next must not meet them. A
   * source that was cancelled ends its groups and then gives null, however long a sync takes.
   */
  async #rest(): Promise<void> {
    for (const source of this.#sources) {
      source.cancel();
      try {
        while ((await source.next()) !== null);
      } catch {
        // It has failed, and said so to the stream.
      }
    }
  }
}
