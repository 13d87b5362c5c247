import './generated/error-codes.ts';

export {
  type Progress,
  Report,
  type ReportClosing,
  type ReportLayout,
  tandemHost as sidecarHost,
} from '@tandem/job';
export { type BatchOptions, BatchSidecarProcessor, type FolderResult } from './batch-processor.ts';
export type { SidecarConfig } from './config.ts';
export { type OpenOptions, openSidecar, Sidecar, type SidecarSummary } from './document.ts';
export { OPERATIONS, type OperationDefinition, type OperationName } from './generated/detection.ts';
export type { SidecarFormat, StoredFormat } from './generated/formats.ts';
export type {
  CleanupReport,
  CleanupRow,
  CleanupTotals,
  ConvertReport,
  ConvertRow,
  ConvertTotals,
  ExportReport,
  ExportRow,
  FormatFinding,
  FormatReport,
  FormatTotals,
  Interrupted,
  OperationTotals,
  RowFinding,
  StatisticsReport,
  StatisticsRow,
  StatisticsTotals,
  SymlinkInfo,
  UndoReport,
  UndoRow,
  UndoTotals,
  ValidateTotals,
  ValidationReport,
  ValidationRow,
} from './generated/reports.ts';
export { type ManagerOptions, SidecarManager } from './manager.ts';
export { type CleanupOptions, type CleanupRun, cleanup } from './operations/cleanup.ts';
export { type ConvertOptions, type ConvertRun, convert } from './operations/convert.ts';
export { type ExportRun, exportSidecars } from './operations/export.ts';
export { type FormatRun, formatStatistics } from './operations/format-statistics.ts';
export { type PurgeOptions, purge } from './operations/purge.ts';
export type { UndoOptions, UndoRun } from './operations/quarantine-report.ts';
export { type ReadOptions, readData, sidecarPath } from './operations/read.ts';
export { createSidecar, type SavedSidecar, type SaveOptions, saveSidecarData } from './operations/save.ts';
export type { ScanOptions } from './operations/scan-request.ts';
export { type StatisticsRun, statistics } from './operations/statistics.ts';
export { quarantinedRuns, undo } from './operations/undo.ts';
export { type ValidateRun, validate } from './operations/validate.ts';
