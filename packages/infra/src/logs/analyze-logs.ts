import type { RunOptions, Selection, TandemError } from '@tandem/engine';
import { rawPath } from '@tandem/files';
import { badOption, checkCount, checkFlags, isStop, type Progress, tandemHost } from '@tandem/job';
import '../generated/error-codes.ts';
import { BlockReader } from './block-reader.ts';
import type { LogSettings } from './log-block.ts';
import { logFiles } from './log-files.ts';
import { logOperation } from './log-operation.ts';
import type { LogReport } from './log-report.ts';
import { LogTotals } from './log-totals.ts';

/** A day, less a minute. */
const MOST_EAST = 1439;
const MOST_YEAR = 9999;

/** Options of an analysis of logs. */
export interface LogOptions extends RunOptions {
  /** Whether templates of messages are mined. True by default; without them an analysis is several times as fast. */
  readonly templates?: boolean | undefined;
  /** By name: the entries whose first line has a match are counted. RE2's syntax, over bytes; see docs/logs.md. */
  readonly patterns?: Readonly<Record<string, string>> | undefined;
  /** Only entries at or after this time. */
  readonly since?: Date | undefined;
  /** Only entries before this time. */
  readonly until?: Date | undefined;
  /** Minutes east of UTC of times without a zone; 0 by default. The report says whether there were any. */
  readonly zone?: number | undefined;
  /** The year of times without one; the current year by default. The report says whether there were any. */
  readonly year?: number | undefined;
  /** Whether the last file is read as it grows, through rotation and truncation, until the run is aborted. */
  readonly follow?: boolean | undefined;
  /** With `follow`: called when everything that is there was analyzed, with what a report would be now. */
  onCaughtUp?(report: LogReport): void | Promise<void>;
  onProgress?(progress: Progress): void;
}

/** A finished analysis. */
export interface LogAnalysis {
  readonly report: LogReport;
  /** Why the run ended early, or null. */
  readonly stoppedBy: TandemError | null;
  readonly selection: Selection;
  readonly seconds: number;
}

/**
 * Analyzes logs in one pass, with bounded memory. A file that cannot be read is named in the report.
 * @param paths files, pipes, folders with everything below them, or '-' for the standard input
 * @throws {TandemError} ERR_TANDEM_BAD_OPTION, and what EngineHost.stream throws
 */
export async function analyzeLogs(
  paths: readonly (string | Buffer)[],
  options: LogOptions = {},
): Promise<LogAnalysis> {
  const patterns = await translated(options.patterns ?? {});
  const settings = settingsOf(options, [...patterns.values()]);
  const files = logFiles(paths.map(rawPath));
  const reader = new BlockReader(files, checkFollowed(files, options.follow ?? false));
  const totals = new LogTotals();
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const stream = tandemHost().stream(logOperation, { settings, reader }, options);
  let stoppedBy: TandemError | null = null;
  let bytes = 0;
  try {
    for await (const batch of stream) {
      totals.add(batch);
      bytes += batch.bytes;
      options.onProgress?.({ files: batch.block.stream + 1, bytes, seconds: seconds() });
      if (batch.block.isCaughtUp)
        await options.onCaughtUp?.(totals.report(reader, settings, false, options.patterns));
    }
  } catch (error) {
    if (!isStop(error)) throw error;
    stoppedBy = error;
  } finally {
    reader.close();
  }
  const report = totals.report(reader, settings, stoppedBy === null, options.patterns);
  return { report, stoppedBy, selection: stream.selection, seconds: seconds() };
}

async function translated(patterns: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  if (Object.keys(patterns).length === 0) return all;
  const [{ translatePattern }, { lineMatcher }] = await Promise.all([
    import('./log-pattern.ts'),
    import('./match-line.ts'),
  ]);
  for (const [name, pattern] of Object.entries(patterns)) {
    const source = translatePattern(name, pattern);
    try {
      lineMatcher(source);
    } catch (error) {
      throw badOption('patterns', `${name} is not valid: ${(error as Error).message}`, 'correct it');
    }
    all.set(name, source);
  }
  return all;
}

function checkFollowed(paths: readonly string[], follow: boolean): boolean {
  if (follow && paths.at(-1) === '-') {
    throw badOption('follow', 'is for files, and the standard input ends by itself', 'name a file');
  }
  return follow;
}

/** What both engines get of the options. */
export function settingsOf(options: LogOptions, patterns: readonly string[] = []): LogSettings {
  checkFlags(options, ['templates', 'follow']);
  const { templates = true, since, until, zone = 0, year } = options;
  if (!Number.isInteger(zone) || Math.abs(zone) > MOST_EAST) {
    throw badOption(
      'zone',
      `is ${zone}`,
      `use whole minutes east of UTC, from -${MOST_EAST} to ${MOST_EAST}`,
    );
  }
  return {
    templates,
    patterns,
    since: timeOf('since', since) ?? Number.NEGATIVE_INFINITY,
    until: timeOf('until', until) ?? Number.POSITIVE_INFINITY,
    zone,
    year: checkCount('year', year, new Date().getFullYear(), MOST_YEAR),
  };
}

function timeOf(name: string, date: Date | undefined): number | undefined {
  const ms = date?.getTime();
  if (ms === undefined || !Number.isNaN(ms)) return ms;
  throw badOption(name, 'is not a valid Date', 'pass a Date with a time');
}
