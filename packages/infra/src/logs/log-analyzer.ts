import { BlockAnalyzer } from './analyze-block.ts';
import { analyzeLogs, type LogAnalysis, type LogOptions, settingsOf } from './analyze-logs.ts';
import { EntryReader } from './entry-reader.ts';
import type { LineBefore } from './log-block.ts';

/** The counts of a text, with the keys of the older module: those in the singular repeat the others. */
export interface LogSummary {
  readonly total_lines: number;
  /** Fatal ones included. */
  readonly errors: number;
  readonly warnings: number;
  readonly error: number;
  readonly warning: number;
  /** Entries with a time. */
  readonly timestamp: number;
}

/** Analyzes logs: texts at once, files and folders as a run. */
export class LogAnalyzer {
  readonly #options: LogOptions;

  constructor(options: LogOptions = {}) {
    this.#options = options;
  }

  /** Counts a text in memory, in TypeScript. */
  analyzeLogs(text: string): LogSummary {
    const analyzer = new BlockAnalyzer(settingsOf({ ...this.#options, templates: false }));
    const block = { bytes: Buffer.from(text), isInsideLine: false, before: 'none' as const };
    const { lines, levels, timed } = analyzer.analyze(block);
    const [fatal = 0, error = 0, warning = 0] = levels;
    const errors = fatal + error;
    return { total_lines: lines, errors, warnings: warning, error: errors, warning, timestamp: timed };
  }

  /** How many entries of a text each hour has, by the beginning of the hour in UTC: `2024-05-01T10`. */
  analyzeTemporalPatterns(text: string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const ms of timesOf(text, new EntryReader(settingsOf({ ...this.#options, templates: false })))) {
      const hour = new Date(ms).toISOString().slice(0, -':mm:ss.sssZ'.length);
      counts[hour] = (counts[hour] ?? 0) + 1;
    }
    return counts;
  }

  /**
   * Analyzes files, folders and '-', the standard input, in one pass with bounded memory.
   * @throws what analyzeLogs throws
   */
  analyzeFiles(paths: readonly string[]): Promise<LogAnalysis> {
    return analyzeLogs(paths, this.#options);
  }
}

function* timesOf(text: string, entry: EntryReader): Generator<number, void, undefined> {
  let before: LineBefore = 'none';
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    if (entry.read(text, at, end, before) && entry.ms !== null) yield entry.ms;
    before = text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09 ? 'indented' : 'plain';
    at = end + 1;
  }
}
