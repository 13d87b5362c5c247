export {
  AtomicFile,
  type AtomicWriteOptions,
  copyAccess,
  removeQuietly,
  writeAtomically,
} from './atomic-file.ts';
export { type EntryKind, errnoOf, kindOf, leadsNowhere, lookedUpKind } from './entry-kind.ts';
export type { Fault } from './fault.ts';
export { type FileFacts, FileReader, type ReadFault, readFault } from './file-reader.ts';
export { FILE_STEPS, type FileStep, FileSteps } from './file-steps.ts';
export { type Place, placeOf } from './place.ts';
export { processStart } from './process-start.ts';
export { extensionOf, folderOf, isAscii, rootPrefix, stemOf, toFsPath } from './raw-path.ts';
export { realPath } from './real-path.ts';
export {
  isRunAlive,
  newRun,
  ONLY_SCRATCH,
  parseRun,
  type Run,
  runOfScratch,
  SCRATCH,
  scratchName,
} from './run-id.ts';
export { shownText } from './shown-text.ts';
export { sweepScratch } from './sweep-scratch.ts';
export { writeError, writeErrorCode } from './system-error.ts';
export { firstIllFormed, isWtf8 } from './utf8.ts';
