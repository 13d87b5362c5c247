import './generated/error-codes.ts';

export {
  AtomicFile,
  type AtomicWriteOptions,
  removeQuietly,
  writeAtomically,
} from './atomic-file.ts';
export { ByteSink } from './byte-sink.ts';
export { type EntryKind, errnoOf, kindOf, leadsNowhere, lookedUpKind } from './entry-kind.ts';
export type { Fault } from './fault.ts';
export { type FileFacts, FileReader, type ReadFault, readFault } from './file-reader.ts';
export { FILE_STEPS, type FileStep, FileSteps, type RenameNew } from './file-steps.ts';
export { type Likeness, likenessCode, type MakeLike, makeLike } from './likeness.ts';
export { makeFoldersAbove, removeFolders } from './make-folders.ts';
export { openToLock, openToRead, openToSync } from './open-file.ts';
export { outputError } from './output-error.ts';
export { OutputFile } from './output-file.ts';
export { makeOwnedFolder, removeDeadFolders, removeOwnedFolder } from './owned-folder.ts';
export { pause } from './pause.ts';
export { type Place, placeOf } from './place.ts';
export { processStart } from './process-start.ts';
export { extensionOf, folderOf, isAscii, rawPath, rootPrefix, stemOf, toFsPath } from './raw-path.ts';
export { realPath } from './real-path.ts';
export { type Renewal, renewFile } from './renew-file.ts';
export {
  isRunAlive,
  lifeOf,
  newRun,
  ONLY_SCRATCH,
  parseRun,
  type Run,
  type RunLife,
  runOfScratch,
  SCRATCH,
  scratchName,
  TREE_LOCK,
} from './run-id.ts';
export { runScope } from './run-scope.ts';
export { shownText } from './shown-text.ts';
export { isForgotten, sweepScratch } from './sweep-scratch.ts';
export { writeError, writeErrorCode } from './system-error.ts';
export { firstIllFormed, isWtf8 } from './utf8.ts';
