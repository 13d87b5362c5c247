/**
 * What the child processes of tests import. It is bundled before the tests, because a process loads one file
 * in half the time that it takes to load a hundred.
 */

export { newRun } from '@tandem/files';
export { JOB_STEPS, jobSteps } from '@tandem/job';
export { acquireLock } from '../../files/src/locks/lock.ts';
export { openSidecar } from '../src/document.ts';
export { cleanup, cleanupWith } from '../src/operations/cleanup.ts';
export { convert, convertBySteps } from '../src/operations/convert.ts';
export { purgeWith } from '../src/operations/purge.ts';
export { save, saveSidecarData } from '../src/operations/save.ts';
export { undo, undoWith } from '../src/operations/undo.ts';
