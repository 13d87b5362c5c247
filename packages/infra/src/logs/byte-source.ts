import { closeSync, readSync, statSync } from 'node:fs';
import { addAbortSignal, pipeline, type Readable, Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { TandemError } from '@tandem/engine';
import { openToRead, shownText, streamFile, toFsPath, visitEntries } from '@tandem/files';

/** The bytes of one stream. */
export interface ByteSource {
  /**
   * Reads bytes to into[from], at least one; 0 at the end. CAUGHT_UP if there are none now; then the next call
   * waits for some. Throws what the system or the decompressor throws.
   */
  read(into: Buffer, from: number): number | Promise<number>;
  close(): void;
}

/** Nothing more is there now. */
export const CAUGHT_UP = -1;

type Format = 'gzip' | 'zstd';

const MAGIC_BYTES = 4;

/**
 * Opens a file; gzip and zstd are recognized by their first bytes and undone.
 * @param path raw; '-' is the standard input
 * @param signal ends the wait for a pipe
 */
export async function openSource(path: string, signal: AbortSignal): Promise<ByteSource> {
  if (path === '-') return sniffed(addAbortSignal(signal, process.stdin), '-');
  // A pipe is opened as a stream: opening and reading one waits for its writer, and Ctrl-C would wait too.
  const stats = statSync(toFsPath(path));
  // A folder that was not listed: this says why.
  if (stats.isDirectory()) visitEntries(path, () => undefined);
  if (!stats.isFile()) return sniffed(addAbortSignal(signal, streamFile(path)), shownText(path));
  const file = new FileSource(path);
  const format = file.format();
  if (format === null) return file;
  file.close();
  const stream = streamFile(path);
  return new StreamSource(await decompressed(stream, format, shownText(path)), stream);
}

class FileSource implements ByteSource {
  readonly #fd: number;
  #isClosed = false;

  constructor(path: string) {
    this.#fd = openToRead(path);
  }

  /** How it is compressed. Closes it if that cannot be read. */
  format(): Format | null {
    const magic = Buffer.alloc(MAGIC_BYTES);
    try {
      return formatOf(magic.subarray(0, readSync(this.#fd, magic, 0, MAGIC_BYTES, 0)));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  read(into: Buffer, from: number): number {
    return readSync(this.#fd, into, from, into.length - from, null);
  }

  close(): void {
    if (!this.#isClosed) closeSync(this.#fd);
    this.#isClosed = true;
  }
}

class StreamSource implements ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #stream: Readable;
  #rest: Buffer = Buffer.alloc(0);

  /** @param stream where the chunks come from in the end */
  constructor(chunks: AsyncIterator<Buffer>, stream: Readable) {
    this.#chunks = chunks;
    this.#stream = stream;
  }

  async read(into: Buffer, from: number): Promise<number> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) return 0;
      this.#rest = value;
    }
    const count = this.#rest.copy(into, from);
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  close(): void {
    this.#stream.destroy();
  }
}

/** A stream whose first bytes decide whether it is decompressed. */
async function sniffed(stream: Readable, shown: string): Promise<ByteSource> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head: Buffer = Buffer.alloc(0);
  while (head.length < MAGIC_BYTES) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const whole = followed(head, chunks);
  const format = formatOf(head);
  return new StreamSource(format === null ? whole : await decompressed(whole, format, shown), stream);
}

async function* followed(
  head: Buffer,
  chunks: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

function formatOf(head: Buffer): Format | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head.length >= MAGIC_BYTES && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : null;
}

async function decompressed(
  chunks: AsyncIterable<Buffer>,
  format: Format,
  path: string,
): Promise<AsyncIterator<Buffer>> {
  const out = format === 'gzip' ? zlib.createGunzip() : await zstd();
  // Its error is that of `out`.
  pipeline(chunks, out, () => undefined);
  return undamaged(out, format, path);
}

async function* undamaged(
  stream: Readable,
  format: Format,
  path: string,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    // An error of the system has the name of its call.
    if ((cause as NodeJS.ErrnoException).syscall !== undefined) throw cause;
    throw new TandemError('ERR_TANDEM_LOG_COMPRESSION', { path, params: { format }, cause });
  }
}

/** Node's own since 22.15 and 23.8; fzstd before. */
async function zstd(): Promise<Transform> {
  const native = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (native !== undefined) return native();
  const { Decompress } = await import('fzstd');
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      run(() => frames.push(chunk), done);
    },
    flush(done) {
      run(() => frames.push(new Uint8Array(0), true), done);
    },
  });
  const frames = new Decompress((bytes) => stream.push(Buffer.from(bytes)));
  return stream;
}

function run(work: () => void, done: (error?: Error | null) => void): void {
  try {
    work();
    done();
  } catch (error) {
    done(error as Error);
  }
}
