import { TandemError } from '@tandem/engine';
import { checkCount } from '@tandem/job';
import { runOptions, type SidecarConfig } from './config.ts';
import type { FormatReport, StatisticsReport, ValidationReport } from './generated/reports.ts';
import type { ManagerOptions } from './manager.ts';
import { formatStatistics } from './operations/format-statistics.ts';
import { statistics } from './operations/statistics.ts';
import { validate } from './operations/validate.ts';

/**
 * The result of a folder. `error` is why the folder could not be processed, and then the reports are null; or
 * it is what stopped the work (timeout, abort), and then the reports cover what was done and contain
 * `complete: false`.
 */
export interface FolderResult {
  readonly directory: string;
  readonly validation: ValidationReport | null;
  readonly statistics: StatisticsReport | null;
  readonly formats: FormatReport | null;
  readonly error: TandemError | null;
}

/** The options for each folder. */
export interface BatchOptions extends ManagerOptions {
  /**
   * Folders processed concurrently, from 1; 1 by default, because one folder already keeps all cores busy.
   */
  readonly maxParallel?: number;
}

/**
 * Does the same work for many folders. If a folder fails, its result has the error, and the others continue.
 */
export class BatchSidecarProcessor {
  readonly #config: SidecarConfig;

  constructor(config: SidecarConfig = {}) {
    this.#config = config;
  }

  /** Validates and counts each folder; results in the order of the folders. */
  async processDirectories(
    directories: readonly string[],
    options: BatchOptions = {},
  ): Promise<FolderResult[]> {
    const { maxParallel, ...own } = options;
    const parallel = checkCount('maxParallel', maxParallel, 1);
    const results: FolderResult[] = new Array(directories.length);
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < directories.length) {
        const index = next++;
        results[index] = await this.#processDirectory(directories[index] as string, own);
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, directories.length) }, worker));
    return results;
  }

  async #processDirectory(directory: string, options: ManagerOptions): Promise<FolderResult> {
    try {
      const scan = { ...runOptions(this.#config, options), input: directory };
      const runs = [await validate(scan), await statistics(scan), await formatStatistics(scan)] as const;
      return {
        directory,
        validation: await runs[0].collect(),
        statistics: await runs[1].collect(),
        formats: await runs[2].collect(),
        error: runs.find(({ stoppedBy }) => stoppedBy !== null)?.stoppedBy ?? null,
      };
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      return { directory, validation: null, statistics: null, formats: null, error };
    }
  }
}
