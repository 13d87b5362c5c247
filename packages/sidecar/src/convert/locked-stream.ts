import type { BatchSource, BatchStream, FallbackEvent, Selection } from '@tandem/engine';
import { type FileSteps, type Run, removeQuietly } from '@tandem/files';
import type { RowBatch } from '@tandem/native';
import { acquireLock } from '../store/lock.ts';
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
export class LockedStream implements BatchStream<RowBatch> {
  readonly #stream: BatchStream<RowBatch>;
  readonly #sources: readonly BatchSource<RowBatch>[];
  readonly #places: RunPlaces;
  readonly #steps: FileSteps;

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

  get fallbacks(): readonly FallbackEvent[] {
    return this.#stream.fallbacks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RowBatch, undefined, undefined> {
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
