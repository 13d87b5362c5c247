import './generated/error-codes.ts';

export { analyzeLogs, type LogAnalysis, type LogOptions } from './logs/analyze-logs.ts';
export { compareLogs, type GrownTemplate, type LogChanges } from './logs/compare-logs.ts';
export { LogAnalyzer, type LogSummary } from './logs/log-analyzer.ts';
export type { Level } from './logs/log-block.ts';
export type { LogBucket, LogFile, LogMatches, LogPlace, LogReport, LogTemplate } from './logs/log-report.ts';
