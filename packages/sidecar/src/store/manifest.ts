import { closeSync, readSync } from 'node:fs';
import { errnoOf, type FileSteps, openToRead } from '@tandem/files';
import { FORMATS } from '../generated/formats.ts';

/** The name of the manifest in the folder of its run: one JSON object per line (spec/sidecar/cleanup.md). */
export const MANIFEST = 'manifest.jsonl';

/** The first line. */
export interface ManifestHeader {
  readonly tandem: 'quarantine';
  readonly version: 1;
  readonly run: string;
  /**
   * One more than the highest of the runs that existed: the order of runs, regardless of clocks. Older
   * manifests have none.
   */
  readonly sequence?: number;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
  readonly created_at: string;
  /** The folder that was cleaned, as its caller spelled it. */
  readonly directory: string;
  readonly note: string;
}

/** One file that may be in the quarantine. */
export interface ManifestEntry {
  /** Its name beside the manifest. */
  readonly stored: string;
  /** Its original path, relative to the folder that was cleaned. */
  readonly path: string;
  /** base64 of the raw path, if `path` does not represent it completely. */
  readonly path_bytes?: string;
  /** Bytes. */
  readonly size: number;
  /** For people; `mtime_ns` is exact. */
  readonly mtime: string;
  readonly mtime_ns: string;
  /** Hex, of all its bytes. */
  readonly sha256: string;
  readonly operation: string | null;
}

/** States that the file of an earlier entry was not moved after all, and why. */
export interface NotMoved {
  readonly stored: string;
  readonly not_moved: string;
}

/** One line of a manifest. A line that cannot be read is null: nothing is known about its file. */
export type ManifestLine = ManifestHeader | ManifestEntry | NotMoved | null;

const STORED = new RegExp(`^\\d{8,}\\.(?:${FORMATS.join('|')})$`);
const SHA256 = /^[0-9a-f]{64}$/;
const CHUNK_BYTES = 1 << 16;
const LF = 0x0a;

/** Writes a manifest line by line; what was written before a sync is durable after it. */
export class ManifestWriter {
  readonly #path: string;
  readonly #steps: FileSteps;
  readonly #fd: number;

  /** @param path raw; must not exist */
  constructor(path: string, steps: FileSteps) {
    this.#path = path;
    this.#steps = steps;
    this.#fd = steps.create(path);
  }

  write(lines: readonly (ManifestHeader | ManifestEntry | NotMoved)[]): void {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    this.#steps.write(this.#fd, this.#path, Buffer.from(text));
  }

  sync(): void {
    this.#steps.sync(this.#fd, this.#path);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/**
 * The lines of a manifest, one after another; a last line without a line feed was cut by a crash, and its
 * file was not moved. Throws what the system throws.
 */
export function* readManifest(path: string): Generator<ManifestLine, void, undefined> {
  const fd = openToRead(path);
  try {
    let rest: Buffer = Buffer.alloc(0);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const count = readSync(fd, chunk, 0, chunk.length, null);
      if (count === 0) return;
      let text: Buffer = Buffer.concat([rest, chunk.subarray(0, count)]);
      for (let end = text.indexOf(LF); end >= 0; end = text.indexOf(LF)) {
        yield parseLine(text.toString('utf8', 0, end));
        text = text.subarray(end + 1);
      }
      rest = text;
    }
  } finally {
    closeSync(fd);
  }
}

/** The header of a manifest; null if there is none that can be read. */
export function readHeader(path: string): ManifestHeader | null {
  try {
    for (const line of readManifest(path)) return line !== null && 'tandem' in line ? line : null;
  } catch (error) {
    if (errnoOf(error) === '') throw error;
  }
  return null;
}

export function isEntry(line: ManifestLine): line is ManifestEntry {
  return line !== null && 'sha256' in line;
}

/** The raw path relative to the folder that was cleaned. */
export function entryPath({ path, path_bytes }: ManifestEntry): string {
  return (path_bytes === undefined ? Buffer.from(path) : Buffer.from(path_bytes, 'base64')).toString(
    'latin1',
  );
}

function parseLine(text: string): ManifestLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return null;
  }
  if (line === null || typeof line !== 'object') return null;
  if ('tandem' in line) return line as ManifestHeader;
  const { stored } = line as Partial<ManifestEntry>;
  if (typeof stored !== 'string' || !STORED.test(stored)) return null;
  if ('not_moved' in line) return line as NotMoved;
  return isWholeEntry(line as Partial<ManifestEntry>) ? (line as ManifestEntry) : null;
}

/** A manifest is in a place that anyone can write to: a path that leads out of the folder is invalid. */
function isWholeEntry(line: Partial<ManifestEntry>): boolean {
  const { path, path_bytes, size, sha256 } = line;
  if (typeof path !== 'string' || !Number.isSafeInteger(size) || !SHA256.test(sha256 ?? '')) return false;
  if (path_bytes !== undefined && typeof path_bytes !== 'string') return false;
  const raw = entryPath(line as ManifestEntry);
  return !raw.includes('\0') && raw.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
