import './generated/error-codes.ts';

export { type BatchOptions, BatchSidecarProcessor, type FolderResult } from './batch-processor.ts';
export type { SidecarConfig } from './config.ts';
export { type OpenOptions, openSidecar, Sidecar, type SidecarSummary } from './document.ts';
export { sidecarHost } from './engines/host.ts';
export type { SidecarFormat, StoredFormat } from './formats/format.ts';
export { OPERATIONS, type OperationDefinition, type OperationName } from './generated/detection.ts';
export {
  type CleanupReport,
  type ConvertReport,
  type FormatReport,
  type ManagerOptions,
  SidecarManager,
  type StatisticsReport,
  type ValidationReport,
} from './manager.ts';
export { type CleanupOptions, type CleanupRow, type CleanupTotals, cleanup } from './operations/cleanup.ts';
export { type ConvertOptions, type ConvertRow, type ConvertTotals, convert } from './operations/convert.ts';
export { type ExportRow, exportSidecars } from './operations/export.ts';
export { type FormatFinding, type FormatTotals, formatStatistics } from './operations/format-statistics.ts';
export type { Interrupted } from './operations/interrupted.ts';
export { type PurgeOptions, purge } from './operations/purge.ts';
export type { UndoOptions, UndoRow, UndoTotals } from './operations/quarantine-report.ts';
export { type ReadOptions, readData, sidecarPath } from './operations/read.ts';
export { type Progress, Report, type ReportClosing, type ReportLayout } from './operations/report.ts';
export { createSidecar, type SavedSidecar, type SaveOptions, saveSidecarData } from './operations/save.ts';
export type { ScanOptions } from './operations/scan-request.ts';
export {
  type OperationTotals,
  type StatisticsRow,
  type StatisticsTotals,
  statistics,
} from './operations/statistics.ts';
export { quarantinedRuns, undo } from './operations/undo.ts';
export { type RowFinding, type ValidateTotals, type ValidationRow, validate } from './operations/validate.ts';
