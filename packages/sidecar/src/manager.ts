import type { PerformanceInfo, Selection } from '@tandem/engine';
import { runOptions, type SidecarConfig } from './config.ts';
import { sidecarHost } from './engines/host.ts';
import type { SidecarFormat } from './formats/format.ts';
import { type CleanupOptions, type CleanupRow, cleanup } from './operations/cleanup.ts';
import { type ConvertOptions, type ConvertRow, convert } from './operations/convert.ts';
import { type ExportRow, exportSidecars } from './operations/export.ts';
import { type FormatFinding, formatStatistics } from './operations/format-statistics.ts';
import type { Interrupted } from './operations/interrupted.ts';
import { type ReadOptions, readData } from './operations/read.ts';
import { createSidecar, type SavedSidecar, type SaveOptions, saveSidecarData } from './operations/save.ts';
import type { ScanOptions } from './operations/scan-request.ts';
import { type StatisticsRow, statistics } from './operations/statistics.ts';
import { type ValidationRow, validate } from './operations/validate.ts';

/** What a run over one folder may be told, beside what the manager's config says. */
export type ManagerOptions = Omit<ScanOptions, 'input' | 'files' | 'layout'>;

/** The report of `validateSidecars`; spec/sidecar/reports.md. */
export interface ValidationReport {
  readonly results: readonly ValidationRow[];
  readonly directory: string;
  readonly total_files: number;
  readonly valid_files: number;
  /** With the unreadable ones. */
  readonly invalid_files: number;
  readonly unreadable_files: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly filter_applied: string | null;
  readonly interrupted: readonly Interrupted[];
  readonly complete: boolean;
}

/** The report of `getStatistics`. Times in seconds, sizes in bytes, shares in percent. */
export interface StatisticsReport {
  /** Absent with `summary`. */
  readonly sidecars?: readonly StatisticsRow[];
  readonly directory: string;
  readonly total_images: number;
  readonly images_with_sidecar: number;
  readonly symlink_count: number;
  readonly broken_symlinks: number;
  readonly total_sidecars: number;
  readonly valid_sidecars: number;
  readonly invalid_sidecars: number;
  readonly unreadable_sidecars: number;
  readonly coverage_percentage: number;
  readonly operation_counts: Readonly<Record<string, number>>;
  readonly avg_processing_times: Readonly<Record<string, number>>;
  readonly success_rate_percentages: Readonly<Record<string, number>>;
  readonly avg_data_sizes: Readonly<Record<string, number>>;
  readonly skipped: Readonly<Record<string, number>>;
  readonly filter_applied: string | null;
  readonly interrupted: readonly Interrupted[];
  readonly complete: boolean;
}

/** The report of `getFormatStatistics`. */
export interface FormatReport {
  readonly findings: readonly FormatFinding[];
  readonly directory: string;
  readonly format_distribution: { readonly Json: number; readonly Binary: number; readonly Rkyv: number };
  readonly legacy_files: number;
  readonly total_files: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly generated_at: string;
  readonly complete: boolean;
}

/** The report of `convertFormat`; spec/sidecar/convert.md. Sizes in bytes. */
export interface ConvertReport {
  readonly results: readonly ConvertRow[];
  readonly directory: string;
  readonly format: string;
  readonly total_files: number;
  readonly converted: number;
  readonly skipped: number;
  readonly failed: number;
  /** Of what failed: files whose own document is not right. */
  readonly invalid: number;
  /** Of what was skipped. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly bytes_before: number;
  readonly bytes_after: number;
  /** Converted files that lost white space or the spelling of escapes. */
  readonly respelled: number;
  readonly dry_run: boolean;
  readonly complete: boolean;
  readonly seconds: number;
}

/** The report of `cleanupOrphanedSidecars`; spec/sidecar/cleanup.md. */
export interface CleanupReport {
  readonly results: readonly CleanupRow[];
  readonly directory: string;
  /** Names the run for `undo`; null where nothing was moved. */
  readonly run: string | null;
  readonly dry_run: boolean;
  readonly refusal: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly images: number;
  readonly sidecars: number;
  readonly paired: number;
  readonly orphans: number;
  readonly moved?: number;
  readonly would_move?: number;
  readonly left: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly filter_applied: string | null;
  readonly complete: boolean;
  readonly seconds: number;
}

/**
 * Sidecars of whole folders, on the engine that is there. Every method checks its options first and throws a TandemError for what
 * stops a whole run; a bad file is a row with its error. Methods that give a report hold all rows in memory, and a run that was stopped
 * (time, abort) says `complete: false`. Those that give rows stay small however many files there are, and throw ERR_TANDEM_TIMEOUT or
 * ERR_TANDEM_ABORTED after the last row of such a run; so does findSidecars.
 */
export class SidecarManager {
  readonly #config: SidecarConfig;

  constructor(config: SidecarConfig = {}) {
    this.#config = config;
  }

  /** Whether the Rust engine is there; `selection()` tells why not. */
  get nativeAvailable(): boolean {
    return sidecarHost().select('auto').engine === 'native';
  }

  /** The engine that a run would begin on, and the reason. */
  selection(): Selection {
    return sidecarHost().select(this.#config.engine);
  }

  /** Checks every sidecar below a folder. */
  async validateSidecars(directory: string, options: ManagerOptions = {}): Promise<ValidationReport> {
    return (await validate(this.#options(directory, options))).collect<ValidationReport>();
  }

  /** The same, one row after another. */
  async *eachValidation(
    directory: string,
    options: ManagerOptions = {},
  ): AsyncGenerator<ValidationRow, void, undefined> {
    yield* (await validate({ ...this.#options(directory, options), layout: 'ndjson' })).rows<ValidationRow>();
  }

  /** Counts images and sidecars, and averages what the documents say. */
  async getStatistics(directory: string, options: ManagerOptions = {}): Promise<StatisticsReport> {
    return (await statistics(this.#options(directory, options))).collect<StatisticsReport>();
  }

  /** How many files there are of each form, by content. */
  async getFormatStatistics(directory: string, options: ManagerOptions = {}): Promise<FormatReport> {
    return (await formatStatistics(this.#options(directory, options))).collect<FormatReport>();
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
    yield* (
      await statistics({ ...this.#options(directory, options), layout: 'ndjson' })
    ).rows<StatisticsRow>();
  }

  /** Every sidecar with what it says, one after another; with `withDocument` the documents too. */
  async *exportSidecarData(
    directory: string,
    options: ManagerOptions = {},
  ): AsyncGenerator<ExportRow, void, undefined> {
    yield* (
      await exportSidecars({ ...this.#options(directory, options), layout: 'ndjson' })
    ).rows<ExportRow>();
  }

  /** Stores every sidecar below a folder in another form; a source goes only when its target is durable and proved. */
  async convertFormat(
    directory: string,
    format: SidecarFormat,
    options: Omit<ConvertOptions, 'input' | 'format' | 'layout'> = {},
  ): Promise<ConvertReport> {
    const run = await convert({ ...runOptions(this.#config, options), input: directory, format });
    return run.collect<ConvertReport>();
  }

  /** Moves sidecars whose image is gone into a quarantine, from which `undo` brings them back. */
  async cleanupOrphanedSidecars(
    directory: string,
    options: Omit<CleanupOptions, 'input' | 'layout'> = {},
  ): Promise<CleanupReport> {
    return (
      await cleanup({ ...runOptions(this.#config, options), input: directory })
    ).collect<CleanupReport>();
  }

  /** What the sidecar of an image says, parsed; null where it has none. */
  readData(image: string | Buffer, options: ReadOptions = {}): unknown {
    return readData(image, options);
  }

  /** Makes the sidecar of an image; throws where it has one. */
  createSidecar(
    image: string | Buffer,
    operation: string,
    data: unknown,
    options: SaveOptions = {},
  ): Promise<SavedSidecar> {
    return createSidecar(image, operation, data, options);
  }

  /** Puts one operation's data into the sidecar of an image; every other byte of it stays. */
  saveSidecarData(
    image: string | Buffer,
    operation: string,
    data: unknown,
    options: SaveOptions = {},
  ): Promise<SavedSidecar> {
    return saveSidecarData(image, operation, data, options);
  }

  /** What was run so far in this process, by operation and engine. */
  getPerformanceInfo(): PerformanceInfo {
    return sidecarHost().performanceInfo();
  }

  #options(input: string, options: ManagerOptions): ScanOptions {
    return { ...runOptions(this.#config, options), input };
  }
}
