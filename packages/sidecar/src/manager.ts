import type { PerformanceInfo, Selection } from '@tandem/engine';
import { tandemHost } from '@tandem/job';
import { runOptions, type SidecarConfig } from './config.ts';
import type { SidecarFormat } from './generated/formats.ts';
import type {
  CleanupReport,
  ConvertReport,
  ExportRow,
  FormatReport,
  StatisticsReport,
  StatisticsRow,
  ValidationReport,
  ValidationRow,
} from './generated/reports.ts';
import { type CleanupOptions, cleanup } from './operations/cleanup.ts';
import { type ConvertOptions, convert } from './operations/convert.ts';
import { exportSidecars } from './operations/export.ts';
import { formatStatistics } from './operations/format-statistics.ts';
import { type ReadOptions, readData } from './operations/read.ts';
import { createSidecar, type SavedSidecar, type SaveOptions, saveSidecarData } from './operations/save.ts';
import type { ScanOptions } from './operations/scan-request.ts';
import { statistics } from './operations/statistics.ts';
import { validate } from './operations/validate.ts';

/** The options of a run over one folder, in addition to the manager's config. */
export type ManagerOptions = Omit<ScanOptions, 'input' | 'files' | 'layout'>;

/**
 * Sidecars of whole folders, on the available engine. Every method checks its options first and throws a
 * TandemError for an error that stops a whole run; a bad file is a row with its error. Methods that return a
 * report hold all rows in memory, and the report of a run that was stopped (timeout, abort) contains
 * `complete: false`. Methods that yield rows use little memory however many files there are, and throw
 * ERR_TANDEM_TIMEOUT or ERR_TANDEM_ABORTED after the last row of such a run; so does findSidecars.
 */
export class SidecarManager {
  readonly #config: SidecarConfig;

  constructor(config: SidecarConfig = {}) {
    this.#config = config;
  }

  /** Whether the Rust engine is available; `selection()` gives the reason if it is not. */
  get nativeAvailable(): boolean {
    return tandemHost().select('auto').engine === 'native';
  }

  /** The engine that a run would start on, and the reason. */
  selection(): Selection {
    return tandemHost().select(this.#config.engine);
  }

  /** Checks every sidecar below a folder. */
  async validateSidecars(directory: string, options: ManagerOptions = {}): Promise<ValidationReport> {
    return (await validate(this.#options(directory, options))).collect();
  }

  /** The same, one row after another. */
  async *eachValidation(
    directory: string,
    options: ManagerOptions = {},
  ): AsyncGenerator<ValidationRow, void, undefined> {
    yield* (await validate({ ...this.#options(directory, options), layout: 'ndjson' })).rows();
  }

  /** Counts images and sidecars, and averages the values in the documents. */
  async getStatistics(directory: string, options: ManagerOptions = {}): Promise<StatisticsReport> {
    return (await statistics(this.#options(directory, options))).collect();
  }

  /** The number of files of each format, by content. */
  async getFormatStatistics(directory: string, options: ManagerOptions = {}): Promise<FormatReport> {
    return (await formatStatistics(this.#options(directory, options))).collect();
  }

  /** Every sidecar below a folder with the image it belongs to. */
  async findSidecars(directory: string, options: ManagerOptions = {}): Promise<StatisticsRow[]> {
    const rows: StatisticsRow[] = [];
    for await (const row of this.eachSidecar(directory, options)) rows.push(row);
    return rows;
  }

  /** The same, one after another. */
  async *eachSidecar(
    directory: string,
    options: ManagerOptions = {},
  ): AsyncGenerator<StatisticsRow, void, undefined> {
    yield* (await statistics({ ...this.#options(directory, options), layout: 'ndjson' })).rows();
  }

  /** Every sidecar with its summary, one after another; with `withDocument`, also its document. */
  async *exportSidecarData(
    directory: string,
    options: ManagerOptions = {},
  ): AsyncGenerator<ExportRow, void, undefined> {
    yield* (await exportSidecars({ ...this.#options(directory, options), layout: 'ndjson' })).rows();
  }

  /**
   * Stores every sidecar below a folder in another format; a source is removed only when its target is
   * durable and proved.
   */
  async convertFormat(
    directory: string,
    format: SidecarFormat,
    options: Omit<ConvertOptions, 'input' | 'format' | 'layout'> = {},
  ): Promise<ConvertReport> {
    const run = await convert({ ...runOptions(this.#config, options), input: directory, format });
    return run.collect();
  }

  /** Moves sidecars whose image is gone into a quarantine, from which `undo` restores them. */
  async cleanupOrphanedSidecars(
    directory: string,
    options: Omit<CleanupOptions, 'input' | 'layout'> = {},
  ): Promise<CleanupReport> {
    return (await cleanup({ ...runOptions(this.#config, options), input: directory })).collect();
  }

  /** The document in the sidecar of an image, parsed; null if the image has none. */
  readData(image: string | Buffer, options: ReadOptions = {}): unknown {
    return readData(image, options);
  }

  /** Creates the sidecar of an image; throws if it has one. */
  createSidecar(
    image: string | Buffer,
    operation: string,
    data: unknown,
    options: SaveOptions = {},
  ): Promise<SavedSidecar> {
    return createSidecar(image, operation, data, options);
  }

  /**
   * Saves the data of one operation into the sidecar of an image; every other byte of the sidecar is
   * unchanged.
   */
  saveSidecarData(
    image: string | Buffer,
    operation: string,
    data: unknown,
    options: SaveOptions = {},
  ): Promise<SavedSidecar> {
    return saveSidecarData(image, operation, data, options);
  }

  /** The runs in this process so far, by operation and engine. */
  getPerformanceInfo(): PerformanceInfo {
    return tandemHost().performanceInfo();
  }

  #options(input: string, options: ManagerOptions): ScanOptions {
    return { ...runOptions(this.#config, options), input };
  }
}
