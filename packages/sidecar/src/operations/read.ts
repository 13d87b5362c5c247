import { rawPath, shownText } from '@tandem/files';
import { type OpenOptions, openSidecar } from '../document.ts';
import { findSidecarOf } from '../store/save-document.ts';
import { knownOperation, limitsOf } from './save.ts';

/** How the sidecar of an image is read. */
export interface ReadOptions extends OpenOptions {
  /** Where the image has several sidecars, the one that holds this operation; else bin goes before rkyv and json. */
  readonly operation?: string | undefined;
}

/**
 * What the sidecar of an image says, whole and parsed; null where it has none. `openSidecar` reads single values without that.
 * @throws {TandemError} what is wrong with the sidecar, with its place; ERR_TANDEM_NOT_FOUND where there is no such folder
 */
export function readData(image: string | Buffer, options: ReadOptions = {}): unknown {
  const path = sidecarOf(image, options);
  return path === null ? null : openSidecar(path, options).toJSON();
}

/** The path of the sidecar that saveSidecarData would write into, as bytes; null where the image has none. */
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
