import { defineErrors, type ErrorDefinition } from '@tandem/engine';

declare module '@tandem/engine' {
  interface ErrorCodes {
    ERR_TEST_TOO_LARGE: ErrorDefinition;
    ERR_TEST_EMPTY: ErrorDefinition;
    ERR_TEST_FAILED: ErrorDefinition;
  }
}

// Errors of a job, which the engine layer does not define.
defineErrors({
  ERR_TEST_TOO_LARGE: {
    kind: 'document',
    message: 'the file is {size} bytes, more than the limit of {limit}',
    hint: 'raise the limit',
  },
  ERR_TEST_EMPTY: {
    kind: 'document',
    message: 'the file is empty',
    hint: 'restore it from a backup or remove it',
  },
  ERR_TEST_FAILED: { kind: 'item', message: 'reading failed', hint: '' },
});
