export { excerpt } from './excerpt.ts';
export { type Finding, type FindingPlace, findingAt, findingOf, throwFirst } from './finding.ts';
export { tandemHost } from './host.ts';
export { advisoryLock, JOB_STEPS, jobSteps } from './job-steps.ts';
export { keepAccess } from './keep-access.ts';
export { badOption, checkCount, checkFlags } from './options.ts';
export { type OwnBatch, ownStream } from './own-stream.ts';
export {
  addTotals,
  isStop,
  type Progress,
  Report,
  type ReportClosing,
  type ReportLayout,
  type ReportPlan,
  type RowsKey,
} from './report.ts';
export { RunEnd, type RunEndOptions } from './run-end.ts';
