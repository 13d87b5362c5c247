export { sidecarHost } from './engines/host.ts';
export type { SidecarFormat, StoredFormat } from './formats/format.ts';
export { OPERATIONS, type OperationDefinition, type OperationName } from './generated/detection.ts';
export { type ExportRow, exportSidecars } from './operations/export.ts';
export { type FormatFinding, type FormatTotals, formatStatistics } from './operations/format-statistics.ts';
export { type Progress, Report, type ReportLayout } from './operations/report.ts';
export type { ScanOptions } from './operations/scan-request.ts';
export {
  type OperationTotals,
  type StatisticsRow,
  type StatisticsTotals,
  statistics,
} from './operations/statistics.ts';
export { type RowFinding, type ValidateTotals, type ValidationRow, validate } from './operations/validate.ts';
export type { SidecarConfig } from './config.ts';
export {
  type FormatReport,
  type ManagerOptions,
  SidecarManager,
  type StatisticsReport,
  type ValidationReport,
} from './manager.ts';
