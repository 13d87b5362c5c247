import { badOption, checkCount } from '@tandem/job';
import '../generated/error-codes.ts';
import { accessSync, constants, statSync } from 'node:fs';
import { LIMITS, type RunOptions, TandemError } from '@tandem/engine';
import { rawPath, shownText } from '@tandem/files';
import type { Progress, ReportLayout } from '@tandem/job';
import type { ScanReport, ScanRequest } from '../engines/requests.ts';
import { OPERATIONS, type OperationName } from '../generated/detection.ts';
import { SpelledOperations } from '../spelled-operation.ts';

/** The options common to all operations over many files. */
export interface ScanOptions extends RunOptions {
  /** The folder; alternatively `files`. */
  readonly input?: string | undefined;
  /** Files instead of a folder: raw paths, in the order of the rows. */
  readonly files?: readonly Buffer[] | null | undefined;
  /** Only this operation, in any of its spellings. */
  readonly operationType?: string | undefined;
  /** Add findings that are not errors. */
  readonly lint?: boolean | undefined;
  readonly layout?: ReportLayout | undefined;
  /** Omit the rows from a JSON document. */
  readonly summary?: boolean | undefined;
  /** export: add the document to each row. */
  readonly withDocument?: boolean | undefined;
  /** Bytes; a larger file becomes a row with its error. 256 MiB by default. */
  readonly maxSize?: number | undefined;
  /** Levels of arrays and objects; 1,024 by default. */
  readonly maxDepth?: number | undefined;
  onProgress?(progress: Progress): void;
}

/** The options that are checked in the same way for every operation. */
export interface CheckedInput {
  /** Raw bytes as latin1, without trailing slashes; '' for a list. */
  readonly root: string;
  readonly list: readonly string[] | null;
  /** snake_case, or ''. */
  readonly operation: OperationName | '';
  readonly maxSize: number;
  readonly maxDepth: number;
}

/** Tapes count bytes in 31 bits. */
const LARGEST_SIZE = 2 ** 31 - 1;
/** Far beyond the depth of real documents; the tables of the scanners grow with it. */
const LARGEST_DEPTH = 100_000;
const SPELLED = new SpelledOperations();
const SEPARATORS = { json: ',\n', ndjson: '\n', csv: '\r\n' } as const;

/**
 * Checks the user's options once, before any work; throws a TandemError that states the problem and its cure.
 */
export function checkInput(options: ScanOptions): CheckedInput {
  const list = options.files ?? null;
  if ((options.input === undefined) === (list === null)) {
    const problem = list === null ? 'is missing' : 'and the option files exclude each other';
    throw badOption('input', problem, 'name one folder, or give a list of files');
  }
  return {
    root: options.input === undefined ? '' : checkFolder(options.input),
    list: list?.map(rawPath) ?? null,
    operation: checkOperation(options.operationType),
    maxSize: checkCount('maxSize', options.maxSize, LIMITS.maxFileSize, LARGEST_SIZE),
    maxDepth: checkCount('maxDepth', options.maxDepth, LIMITS.maxDepth, LARGEST_DEPTH),
  };
}

/** The flat request of a read-only pass. */
export function scanRequest(report: ScanReport, options: ScanOptions): ScanRequest {
  return {
    ...checkInput(options),
    report,
    lint: options.lint ?? false,
    separator: SEPARATORS[options.layout ?? 'json'],
    withDocument: options.withDocument ?? false,

    after: '',
  };
}

/** The folder as the user spelled it, without trailing slashes, as latin1. */
function checkFolder(input: string): string {
  let isFolder: boolean;
  try {
    isFolder = statSync(input).isDirectory();
    if (isFolder) accessSync(input, constants.R_OK | constants.X_OK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new TandemError(missing ? 'ERR_TANDEM_INPUT_MISSING' : 'ERR_TANDEM_INPUT_UNREADABLE', {
      path: input,
      cause,
    });
  }
  if (!isFolder) throw new TandemError('ERR_TANDEM_INPUT_NOT_A_FOLDER', { path: input });
  const trimmed = input.replace(/[/]+$/, '');
  return rawPath(trimmed === '' ? '/' : trimmed);
}

/**
 * Checks before any work that the folder of an operation that changes files is writable; throws
 * ERR_TANDEM_INPUT_READ_ONLY, which names the input. Other problems of the folder are detected when its lock
 * is taken.
 * @param root raw
 */
export function checkWritable(root: string): void {
  try {
    accessSync(Buffer.from(root, 'latin1'), constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return;
    throw new TandemError('ERR_TANDEM_INPUT_READ_ONLY', { path: shownText(root), cause });
  }
}

/** The requested operation, in any of its spellings; '' if none is requested. */
function checkOperation(spelling: string | undefined): OperationName | '' {
  if (spelling === undefined) return '';
  const operation = OPERATIONS[SPELLED.findBytes(Buffer.from(spelling))];
  if (operation !== undefined) return operation.name;
  throw new TandemError('ERR_TANDEM_UNKNOWN_OPERATION', {
    params: { operation: spelling, choices: OPERATIONS.map(({ name }) => name).join(', ') },
  });
}
