import { type BatchSource, type RunContext, TandemError } from '@tandem/engine';
import type { RowBatch } from '@tandem/native';
import type { ScanRequest } from '../engines/requests.ts';
import { sidecarWorkerFile } from '../sidecar-worker.ts';
import { FolderWalk } from '../walk/folder-walk.ts';
import { ListWalk } from '../walk/list-walk.ts';
import type { BatchWalk, WalkBatch } from '../walk/walk-batch.ts';
import { scanJobInTurns } from './batch-scanner.ts';
import { RowRooms } from './row-rooms.ts';
import type { ScanJob, ScannedBatch, ScanOptions } from './scan-job.ts';

/**
 * Up to this many batches no worker is started: starting one takes as long as scanning two thousand files.
 */
const BATCHES_WITHOUT_WORKERS = 4;

/** Reports that need the image to which a sidecar belongs. */
const PAIRING: ReadonlySet<string> = new Set(['stats', 'export', 'orphans']);

/** A pass of the complete engine: this thread walks and hands out batches, worker threads read the files. */
export function scanInTypeScript(request: ScanRequest, context: RunContext): BatchSource<RowBatch> {
  return new TypeScriptScan(request, context);
}

/** A batch that a worker is processing, or has finished. */
interface Ordered {
  readonly batch: WalkBatch;
  readonly room: Buffer;
  readonly scanned: Promise<ScannedBatch | null>;
}

class TypeScriptScan implements BatchSource<RowBatch> {
  readonly #options: ScanOptions;
  readonly #context: RunContext;
  readonly #walk: BatchWalk;
  /** The workers check it before each file. */
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Batches that were walked to determine whether starting workers is worthwhile. */
  #ahead: WalkBatch[] = [];
  readonly #window: Ordered[] = [];
  readonly #rooms = new RowRooms();
  /** The room with the rows of the batch that was handed out last. */
  #lent: Buffer | null = null;
  #mode: 'new' | 'alone' | 'pooled' | 'ended' = 'new';

  constructor(request: ScanRequest, context: RunContext) {
    const { report, root, operation, lint, separator, withDocument, maxSize, maxDepth, list, after } =
      request;
    this.#options = { report, root, operation, lint, separator, withDocument, maxSize, maxDepth };
    this.#context = context;
    const pairs = PAIRING.has(report);
    this.#walk = list === null ? new FolderWalk(root, pairs, after) : new ListWalk(list, pairs, after);
  }

  async next(): Promise<RowBatch | null> {
    if (this.#lent !== null) this.#rooms.giveBack(this.#lent);
    this.#lent = null;
    switch (this.#mode) {
      case 'new':
        this.#mode = this.#isCancelled ? 'ended' : this.#worthWorkers() ? 'pooled' : 'alone';
        return this.#mode === 'pooled' ? this.#takeOrdered() : this.#scanHere();
      case 'alone':
        return this.#scanHere();
      case 'pooled':
        return this.#takeOrdered();
      case 'ended':
        return null;
    }
  }

  cancel(): void {
    Atomics.store(this.#cancelled, 0, 1);
  }

  get #isCancelled(): boolean {
    return Atomics.load(this.#cancelled, 0) !== 0;
  }

  /** Walks ahead until this is known. */
  #worthWorkers(): boolean {
    if (this.#context.workers === 1) return false;
    while (this.#ahead.length <= BATCHES_WITHOUT_WORKERS) {
      const batch = this.#walk.next();
      if (batch === null) return false;
      this.#ahead.push(batch);
    }
    return true;
  }

  #nextWalked(): WalkBatch | null {
    return this.#ahead.shift() ?? this.#walk.next();
  }

  async #scanHere(): Promise<RowBatch | null> {
    const batch = this.#isCancelled ? null : this.#nextWalked();
    if (batch === null) return this.#end();
    const room = this.#rooms.borrow();
    const scanned = await scanJobInTurns(this.#job(batch, room));
    return scanned === null ? this.#end() : this.#handOut(scanned, room, batch.cursor);
  }

  async #takeOrdered(): Promise<RowBatch | null> {
    this.#fillWindow();
    const first = this.#window.shift();
    let scanned: ScannedBatch | null;
    try {
      scanned = (await first?.scanned) ?? null;
    } catch (error) {
      if (first === undefined || !isWithoutWorkers(error)) throw error;
      return this.#goOnHere(first.batch, error);
    }
    if (first === undefined || scanned === null) {
      // Null means that nothing of this run is in progress any longer.
      await Promise.allSettled(this.#window.splice(0).map((ordered) => ordered.scanned));
      return this.#end();
    }
    return this.#handOut(scanned, first.room, first.batch.cursor);
  }

  /** No thread can be started: this thread scans the batches meant for the workers, and the rest. */
  async #goOnHere(first: WalkBatch, error: TandemError): Promise<RowBatch | null> {
    const window = this.#window.splice(0);
    await Promise.allSettled(window.map(({ scanned }) => scanned));
    this.#ahead = [first, ...window.map(({ batch }) => batch), ...this.#ahead];
    this.#mode = 'alone';
    this.#context.withoutWorkers(error);
    return this.#scanHere();
  }

  /**
   * Keeps two batches in progress or ready for each worker and two more, so that no worker waits while the
   * consumer takes one; and no more than that, so that a slow consumer slows the walk.
   */
  #fillWindow(): void {
    const { workers, pool } = this.#context;
    while (this.#window.length < 2 * workers + 2 && !this.#isCancelled) {
      const batch = this.#nextWalked();
      if (batch === null) return;
      const room = this.#rooms.borrow();
      const scanned = pool.run<ScannedBatch | null>(sidecarWorkerFile(), this.#job(batch, room), {
        maxThreads: workers,
      });
      // It is awaited in its turn, which may never come.
      scanned.catch(() => undefined);
      this.#window.push({ batch, room, scanned });
    }
  }

  #job(batch: WalkBatch, room: Buffer): ScanJob {
    return { options: this.#options, batch, cancelled: this.#cancelled, room };
  }

  #handOut({ rows, totals, items, bytes }: ScannedBatch, room: Buffer, cursor: string): RowBatch {
    this.#lent = room;
    return { rows: this.#rooms.rowsOf(room, rows), totals, items, bytes, cursor };
  }

  #end(): null {
    this.#mode = 'ended';
    this.#ahead = [];
    return null;
  }
}

function isWithoutWorkers(error: unknown): error is TandemError {
  return TandemError.isTandemError(error) && error.code === 'ERR_TANDEM_NO_WORKERS';
}
