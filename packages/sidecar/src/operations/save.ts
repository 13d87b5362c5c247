import { LIMITS, TandemError } from '@tandem/engine';
import { type FileSteps, rawPath, shownText } from '@tandem/files';
import { badOption, JOB_STEPS } from '@tandem/job';
import { OPERATIONS, type OperationName } from '../generated/detection.ts';
import { FORMATS, type SidecarFormat } from '../generated/formats.ts';
import type { InspectorLimits } from '../inspect.ts';
import { SpelledOperations } from '../spelled-operation.ts';
import { type Saved, saveDocument } from '../store/save-document.ts';
import { valueText } from '../store/value-text.ts';

/** How the data of one operation is saved. */
export interface SaveOptions {
  /** The format of a sidecar that is created; json by default. */
  readonly format?: SidecarFormat | undefined;
  /** Seconds to wait for others that are writing the same sidecar; 30 by default. */
  readonly timeout?: number | undefined;
  /** Ends the wait with ERR_TANDEM_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes; 256 MiB by default. */
  readonly maxSize?: number | undefined;
  /** Levels of arrays and objects; 1,024 by default. */
  readonly maxDepth?: number | undefined;
}

/** Where data was saved. */
export interface SavedSidecar {
  readonly path: string;
  /** Whether the sidecar is new. */
  readonly created: boolean;
}

const PATIENCE_SECONDS = 30;
const SPELLED = new SpelledOperations();

/**
 * Saves the data of one operation into the sidecar of an image, or creates the sidecar: spec/sidecar/save.md.
 * Every byte of the sidecar outside that operation's value is unchanged. The sidecar is written under a lock
 * and atomically, so any number of processes may save into it.
 * @param image the image; a link refers to its target. Bytes if the name is not UTF-8
 * @param operation in any of its spellings
 * @param data plain JSON data
 * @throws {TandemError} before any work: ERR_TANDEM_UNKNOWN_OPERATION, _UNKNOWN_FORMAT_NAME, _BAD_OPTION,
 * _BAD_ARGUMENT (data that JSON cannot represent); then the fault of a sidecar that cannot be read, which is
 * left unchanged; ERR_TANDEM_LOCKED, _CHANGED, _ABORTED, _NOT_FOUND, _UNWRITABLE, _NO_SPACE; _NOT_KEPT and
 * _NO_CP if owner, permissions or attributes of the sidecar would be lost
 */
export function saveSidecarData(
  image: string | Buffer,
  operation: string,
  data: unknown,
  options: SaveOptions = {},
): Promise<SavedSidecar> {
  return save(image, operation, data, { ...options, onlyNew: false }, JOB_STEPS);
}

/**
 * Creates the sidecar of an image. Throws as saveSidecarData does, and ERR_TANDEM_TARGET_EXISTS if the image
 * has one, in any format.
 */
export function createSidecar(
  image: string | Buffer,
  operation: string,
  data: unknown,
  options: SaveOptions = {},
): Promise<SavedSidecar> {
  return save(image, operation, data, { ...options, onlyNew: true }, JOB_STEPS);
}

/** Both of them, with the disk operations under the control of a test. */
export async function save(
  image: string | Buffer,
  operation: string,
  data: unknown,
  options: SaveOptions & { readonly onlyNew: boolean },
  steps: FileSteps,
): Promise<SavedSidecar> {
  const request = {
    image: rawPath(image),
    operation: knownOperation(operation),
    value: valueText(data),
    format: knownFormat(options.format),
    onlyNew: options.onlyNew,
    limits: limitsOf(options),
  };
  const until = performance.now() + patienceMs(options.timeout);
  const { path, created }: Saved = await saveDocument(request, { until, signal: options.signal }, steps);
  return { path: shownText(path), created };
}

export function knownOperation(spelling: string): OperationName {
  const operation = OPERATIONS[SPELLED.findBytes(Buffer.from(spelling))];
  if (operation !== undefined) return operation.name;
  const choices = OPERATIONS.map(({ name }) => name).join(', ');
  throw new TandemError('ERR_TANDEM_UNKNOWN_OPERATION', { params: { operation: spelling, choices } });
}

/** The limits of a document that is read or written as a whole. */
export function limitsOf(options: Pick<SaveOptions, 'maxSize' | 'maxDepth'>): InspectorLimits {
  const { maxSize = LIMITS.maxFileSize, maxDepth = LIMITS.maxDepth } = options;
  return { maxSize, maxDepth };
}

function knownFormat(format: SidecarFormat = 'json'): SidecarFormat {
  if (FORMATS.includes(format)) return format;
  const params = { format: String(format), choices: FORMATS.join(', ') };
  throw new TandemError('ERR_TANDEM_UNKNOWN_FORMAT_NAME', { params });
}

function patienceMs(seconds: number = PATIENCE_SECONDS): number {
  if (seconds >= 0) return seconds * 1000;
  throw badOption('timeout', `is ${seconds}`, 'use seconds, 0 or more');
}
