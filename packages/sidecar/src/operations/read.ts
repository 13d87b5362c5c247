import { rawPath, shownText } from '@tandem/files';
import { type OpenOptions, openSidecar } from '../document.ts';
import { findSidecarOf } from '../store/save-document.ts';
import { knownOperation, limitsOf } from './save.ts';

/** How the sidecar of an image is read. */
export interface ReadOptions extends OpenOptions {
  /**
   * If the image has several sidecars, prefer the one that holds this operation; otherwise bin comes before
   * rkyv and json.
   */
  readonly operation?: string | undefined;
}

/**
 * The whole document in the sidecar of an image, parsed; null if the image has no sidecar. `openSidecar`
 * reads single values without parsing the whole document.
 * @throws {TandemError} the fault of the sidecar, with its position; ERR_TANDEM_NOT_FOUND if the folder does
 * not exist
 */
export function readData(image: string | Buffer, options: ReadOptions = {}): unknown {
  const path = sidecarOf(image, options);
  return path === null ? null : openSidecar(path, options).toJSON();
}

/** The path of the sidecar that saveSidecarData would write into, as bytes; null if the image has none. */
export function sidecarOf(image: string | Buffer, options: ReadOptions = {}): Buffer | null {
  const operation = options.operation === undefined ? null : knownOperation(options.operation);
  const path = findSidecarOf(rawPath(image), operation, limitsOf(options));
  return path === null ? null : Buffer.from(path, 'latin1');
}

/** The same as text, for people. */
export function sidecarPath(image: string | Buffer, options: ReadOptions = {}): string | null {
  const path = sidecarOf(image, options);
  return path === null ? null : shownText(path.toString('latin1'));
}
