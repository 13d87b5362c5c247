import { lstatSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { TandemError } from '@tandem/engine';
import {
  claimAt,
  claimedError,
  existingPath,
  type FileSteps,
  folderOf,
  isClaim,
  isDeadClaim,
  judgeOf,
  type Lock,
  lockDocument,
  newRun,
  ONLY_SCRATCH,
  type Patience,
  shownText,
  sweepDead,
  toFsPath,
  writeAtomically,
  writeError,
} from '@tandem/files';
import { keepAccess } from '@tandem/job';
import type { OperationName } from '../generated/detection.ts';
import type { SidecarFormat } from '../generated/formats.ts';
import type { InspectorLimits } from '../inspect.ts';
import { finishInterrupted } from './finish-interrupted.ts';
import { listPlace, placesOf, sidecarsAt } from './image-sidecars.ts';
import { isAsRead } from './is-as-read.ts';
import { operationKey } from './operation-key.ts';
import { byOwner, freeName, newName } from './owned-sidecars.ts';
import { readWhole } from './read-whole.ts';
import { openDocument, sealed, spliceOperation } from './splice.ts';
import { writeNew } from './write-new.ts';

/** What is to be saved, validated. */
export interface SaveRequest {
  /** Raw path of the image. */
  readonly image: string;
  readonly operation: OperationName;
  /** Compact JSON: value-text.ts. */
  readonly value: Buffer;
  /** The format of a sidecar that is created. */
  readonly format: SidecarFormat;
  /** Creates a sidecar, and never changes an existing one. */
  readonly onlyNew: boolean;
  readonly limits: InspectorLimits;
}

/** Where the value was saved; a raw path. */
export interface Saved {
  readonly path: string;
  readonly created: boolean;
}

/** A file that is to be written, and whether it exists. */
interface Target {
  readonly path: string;
  readonly isThere: boolean;
  /** Whether the existing file is not a document but the claim of one. */
  readonly isClaim: boolean;
  /** All sidecars of the image, including this one. */
  readonly all: readonly string[];
  /** The number of scratch files in the folders that were listed. */
  readonly scratch: number;
}

/** A process that does not take the lock may change a file again and again. */
const MOST_TRIES = 20;
const CLAIM_PAUSE_MS = 5;

/**
 * Saves one operation into the sidecar of an image, or creates the sidecar: spec/sidecar/save.md.
 * @throws {TandemError} the fault of a file that cannot be read, which is then left unchanged;
 * ERR_TANDEM_TARGET_EXISTS if only a new sidecar may be created; ERR_TANDEM_NOT_FOUND if there is neither an
 * image nor a sidecar; ERR_TANDEM_LOCKED, _CHANGED, _ABORTED; what writing throws
 */
export async function saveDocument(
  request: SaveRequest,
  patience: Patience,
  steps: FileSteps,
): Promise<Saved> {
  for (let tries = 0; tries < MOST_TRIES; ) {
    const saved = await attempt(request, patience, steps);
    if (saved !== null && 'created' in saved) return saved;
    if (saved === null) tries += 1;
    else if (performance.now() >= patience.until) throw claimedError(saved.claimed);
    await setTimeout(saved === null ? tries : CLAIM_PAUSE_MS);
  }
  throw new TandemError('ERR_TANDEM_CHANGED', { path: shownText(request.image) });
}

/**
 * Null if the save has to start again; `claimed` is the raw path of a name that a live run has claimed but
 * not yet filled.
 */
async function attempt(
  request: SaveRequest,
  patience: Patience,
  plain: FileSteps,
): Promise<Saved | { readonly claimed: string } | null> {
  const target = targetOf(request);
  if (target === null) return null;
  const lock = await lockDocument(lockedName(request, target), patience, plain);
  const steps = plain.guardedBy(() => lock.hold());
  try {
    // It may have been created, converted or removed while this save waited.
    const now = targetOf(request);
    if (now === null) return null;
    // Listing a large folder again is the most expensive part of a save; the lock of this save is nearly
    // always the only scratch file.
    if (now.scratch > 1 || isLinked(now, request)) sweepDead(folderOf(target.path), steps);
    if (now.path !== target.path || now.isThere !== target.isThere) return null;
    if (now.isClaim) {
      if (!isDeadClaim(now.path)) return { claimed: now.path };
      removeClaim(now.path, steps);
      return null;
    }
    const judge = judgeOf(now.path, newRun(), steps);
    if (finishInterrupted(now.all, request.limits, judge, steps)) return null;
    return now.isThere ? update(request, now.path, lock, steps) : create(request, now.path, lock, steps);
  } finally {
    lock.release();
  }
}

/**
 * The sidecar that an image's data is read from and saved into; null if there is none. `operation` gives
 * preference to the sidecar that holds it.
 */
export function findSidecarOf(
  image: string,
  operation: OperationName | null,
  limits: InspectorLimits,
): string | null {
  const { paths } = sidecarsOf(image);
  if (paths.length < 2) return paths[0] ?? null;
  const { own } = byOwner(paths, limits);
  // If there is no other, reading uses the document that has the name.
  return chosen(own.length > 0 ? own : paths, operation, limits);
}

/** Null if a file was converted or removed after the listing. */
function targetOf(request: SaveRequest): Target | null {
  const { image, operation, format, limits } = request;
  const { paths, claims, scratch } = sidecarsOf(image);
  const { own, foreign } = byOwner(paths, limits);
  const document = request.onlyNew ? (own[0] ?? null) : chosen(own, operation, limits);
  if (request.onlyNew && document !== null) throw exists(document);
  const path = document ?? claims[0];
  const isClaim = document === null && path !== undefined;
  if (path === undefined)
    return {
      path: freeName(placesOf(image)[0], format, foreign),
      isThere: false,
      isClaim,
      all: paths,
      scratch,
    };
  // A link to a sidecar remains a link: the file it leads to is written.
  const real = existingPath(path);
  if (real === null) {
    if (isGone(path)) return null;
    throw new TandemError('ERR_TANDEM_BROKEN_SYMLINK', { path: shownText(path) });
  }
  return { path: real, isThere: true, isClaim, all: paths, scratch };
}

/** The files found for an image. */
interface Sidecars {
  /** In order of preference; those beside a link's target come before those beside the link. */
  readonly paths: readonly string[];
  /** Names among them that are claimed and do not yet hold a document. */
  readonly claims: readonly string[];
  readonly scratch: number;
}

function sidecarsOf(image: string): Sidecars {
  const listed = placesOf(image).map((place) => ({ place, listing: listPlace(place) }));
  const all = listed.flatMap(({ place, listing }) => sidecarsAt(place, listing));
  const claims = all.filter((path) => claimAt(path) !== null);
  return {
    paths: claims.length === 0 ? all : all.filter((path) => !claims.includes(path)),
    claims,
    scratch: listed.reduce((sum, { listing }) => sum + listing.counts.scratch, 0),
  };
}

/** Whether the sidecar is in a folder that was not listed, because its name beside the image is a link. */
function isLinked({ path }: Target, { image }: SaveRequest): boolean {
  return placesOf(image).every(
    ({ folder }) => existingPath(folder === '' ? '.' : folder) !== existingPath(folderOf(path) || '.'),
  );
}

/** Of several sidecars, the one that holds the operation, otherwise the preferred one. */
function chosen(
  paths: readonly string[],
  operation: OperationName | null,
  limits: InspectorLimits,
): string | null {
  const [first = null] = paths;
  if (paths.length < 2 || operation === null) return first;
  let unreadable: unknown = null;
  for (const path of paths) {
    try {
      const { tape } = openDocument(readWhole(path, limits.maxSize), limits);
      if (tape.isObject(0) && operationKey(tape, operation) >= 0) return path;
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      if (!isGone(path)) unreadable ??= error;
    }
  }
  // The sidecar that cannot be read may be the one that holds the operation, and then there would be two.
  if (unreadable !== null) throw unreadable;
  return first;
}

/** Whether a listed name no longer exists, not even as a link that leads nowhere. */
function isGone(path: string): boolean {
  return lstatSync(toFsPath(path), { throwIfNoEntry: false }) === undefined;
}

/** All saves that create a sidecar for one image take the same lock, whatever format they create. */
function lockedName({ image }: SaveRequest, target: Target): string {
  return target.isThere ? target.path : newName(placesOf(image)[0], 'json');
}

/** Only under the lock of its name: a document may take the claim's place. */
function removeClaim(path: string, steps: FileSteps): void {
  try {
    steps.unlink(path);
  } catch (error) {
    throw writeError(error, path);
  }
}

/** Null if the file was changed by a process that does not know of the lock. */
function update(request: SaveRequest, path: string, lock: Lock, steps: FileSteps): Saved | null {
  const { operation, value, limits } = request;
  const file = readWhole(path, limits.maxSize);
  if (isClaim(file.bytes)) return null;
  const bytes = spliceOperation(file, operation, value, limits);
  if (bytes.equals(file.bytes)) return { path, created: false };
  if (!isAsRead(path, file)) return null;
  writeAtomically(path, bytes, { run: lock.run.id, steps, makeLike: keepAccess });
  return { path, created: false };
}

function create(request: SaveRequest, path: string, lock: Lock, steps: FileSteps): Saved | null {
  const { image, operation, value, format, limits } = request;
  const named = existingPath(image);
  // A sidecar without an image would be an orphan from the start.
  if (named === null) throw new TandemError('ERR_TANDEM_NOT_FOUND', { path: shownText(image) });
  const info = {
    operation_type: operation,
    created_at: new Date().toISOString(),
    image_path: shownText(named),
  };
  const text = JSON.stringify({ sidecar_info: info }, null, format === 'json' ? 2 : 0);
  const empty = sealed(format, Buffer.from(format === 'json' ? `${text}\n` : text), limits);
  const bytes = spliceOperation(
    { path: shownText(path), bytes: empty, extension: format },
    operation,
    value,
    limits,
  );
  let placed: boolean;
  try {
    placed = writeNew(path, bytes, lock.run.id, ONLY_SCRATCH, steps);
  } catch (error) {
    throw writeError(error, path);
  }
  if (!placed) throw exists(path);
  return { path, created: true };
}

function exists(path: string): TandemError {
  const target = shownText(path);
  return new TandemError('ERR_TANDEM_TARGET_EXISTS', { path: target, params: { target } });
}
