import './generated/error-codes.ts';

export {
  AtomicFile,
  type AtomicWriteOptions,
  removeQuietly,
  writeAtomically,
} from './atomic-file.ts';
export { ByteSink } from './byte-sink.ts';
export { claimAt, claimedError, claimText, isClaim, isDeadClaim } from './claim.ts';
export { type EntryKind, errnoOf, leadsNowhere, lookedUpKind } from './entry-kind.ts';
export type { Fault } from './fault.ts';
export { type FileFacts, FileReader, type ReadFault, readFault, readFaultOf } from './file-reader.ts';
export { FILE_STEPS, type FileStep, FileSteps, type RenameNew } from './file-steps.ts';
export { type JournaledBatch, JournalReader, JournalWriter, journalName, runOfJournal } from './journal.ts';
export { type Likeness, likenessCode, type MakeLike, makeLike } from './likeness.ts';
export { LineIndex } from './line-index.ts';
export type { AdvisoryLock } from './locks/advisory-lock.ts';
export {
  documentLockPath,
  isDocumentLock,
  lockDocument,
  outwaitSave,
  type Patience,
  sweepDead,
} from './locks/document-lock.ts';
export { FolderLocks, type LockedParams } from './locks/folder-locks.ts';
export { isDeadLock, isGuardName, judgeOf, type Lock } from './locks/lock.ts';
export { type LockJudge, type LockPurpose, unfinishedAt } from './locks/lock-file.ts';
export { type LockedTree, lockTree, lockTreeAndFolders } from './locks/tree-lock.ts';
export { makeFoldersAbove, removeFolders } from './make-folders.ts';
export { openToRead, openToSync } from './open-file.ts';
export { outputError } from './output-error.ts';
export { OutputFile } from './output-file.ts';
export { makeOwnedFolder, removeDeadFolders, removeOwnedFolder } from './owned-folder.ts';
export { pause } from './pause.ts';
export { type Place, placeOf } from './place.ts';
export { placeFile } from './place-file.ts';
export { processStart } from './process-start.ts';
export { extensionOf, folderOf, isAscii, rawPath, rootPrefix, stemOf, toFsPath } from './raw-path.ts';
export { existingPath, realPath } from './real-path.ts';
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
export { shownText } from './shown-text.ts';
export { streamFile } from './stream-file.ts';
export { sweepScratch } from './sweep-scratch.ts';
export { writeError, writeErrorCode } from './system-error.ts';
export { TextPlaces } from './text-places.ts';
export { firstIllFormed, isWtf8 } from './utf8.ts';
export { decodeCursor, decodeListCursor, encodeCursor } from './walk/cursor.ts';
export { FolderStack, firstAfter } from './walk/folder-stack.ts';
export { passedOver } from './walk/passed-over.ts';
export { visitEntries } from './walk/visit-entries.ts';
