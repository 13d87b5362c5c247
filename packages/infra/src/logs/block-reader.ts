import { statSync } from 'node:fs';
import { LIMITS, TandemError } from '@tandem/engine';
import { type ReadFault, readFaultOf, shownText, toFsPath } from '@tandem/files';
import { type ByteSource, CAUGHT_UP, openSource } from './byte-source.ts';
import { FollowedFile } from './followed-file.ts';
import type { LineBefore, StreamBlock } from './log-block.ts';

/** A stream of a run, as far as it was read. */
export interface LogStream {
  /** As shown; '-' is the standard input. */
  readonly path: string;
  bytes: number;
  /** Why it was not read to its end. */
  fault: Pick<ReadFault, 'code' | 'message' | 'hint'> | null;
}

const LF = 0x0a;
const SP = 0x20;
const TAB = 0x09;
const NUL = 0;

/**
 * Cuts the streams of a run into blocks: spec/infra/logs.md, "Blocks". A block remains available to rewind()
 * until it is released, so that another engine can analyze it again, and its memory is then used again.
 */
export class BlockReader {
  readonly streams: LogStream[];
  /** Whether the last stream is read as it grows. */
  readonly isFollowing: boolean;
  readonly #paths: string[];
  #next = 0;
  #source: ByteSource | null = null;
  /** What the last block left of its stream. */
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;
  #isInsideLine = false;
  #before: LineBefore = 'none';
  readonly #closing = new AbortController();
  readonly #free: Buffer[] = [];
  /** Handed out and not released, and those of them that are to be handed out again. */
  readonly #held: StreamBlock[] = [];
  #again: StreamBlock[] = [];

  /** @param paths raw; '-' is the standard input, which cannot be followed */
  constructor(paths: readonly string[], isFollowing = false) {
    this.isFollowing = isFollowing;
    this.#paths = [...paths];
    this.streams = paths.map(newStream);
  }

  /** The next block; null at the end. */
  async next(): Promise<StreamBlock | null> {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    while (!this.#isClosed() && this.#next < this.#paths.length) {
      const block = await this.#read();
      if (block !== null) {
        this.#held.push(block);
        return block;
      }
      this.#endStream();
    }
    return null;
  }

  /** The oldest block that was handed out is not needed any more. */
  release(): void {
    const block = this.#held.shift();
    if (block !== undefined) this.#free.push(Buffer.from(block.bytes.buffer));
  }

  /** Hands out again what was not released. */
  rewind(): void {
    this.#again = [...this.#held];
  }

  close(): void {
    this.#closing.abort();
    this.#source?.close();
  }

  #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #read(): Promise<StreamBlock | null> {
    const stream = this.streams[this.#next] as LogStream;
    try {
      this.#source ??= await this.#open(this.#paths[this.#next] as string);
    } catch (error) {
      if (!this.#isClosed()) stream.fault = faultOf(error);
      return null;
    }
    // A source that was being opened while the reader was closed.
    if (this.#isClosed()) return null;
    return await this.#block(this.#source, stream);
  }

  #open(path: string): ByteSource | Promise<ByteSource> {
    const isLast = this.#next === this.#paths.length - 1;
    // A pipe is followed by reading it.
    const isFollowed = this.isFollowing && isLast && statSync(toFsPath(path)).isFile();
    return isFollowed ? new FollowedFile(path) : openSource(path, this.#closing.signal);
  }

  /** Reads bytes to memory[from]; 0 at the end. A stream that fails ends there: what was read of it counts. */
  async #fill(source: ByteSource, memory: Buffer, from: number): Promise<number> {
    const stream = this.streams[this.#next] as LogStream;
    if (stream.fault !== null) return 0;
    try {
      const count = await source.read(memory, from);
      if (stream.bytes === 0) refuseBinary(memory.subarray(from, from + Math.max(0, count)), stream.path);
      return count;
    } catch (error) {
      if (!this.#isClosed()) stream.fault = faultOf(error);
      return 0;
    }
  }

  async #block(source: ByteSource, stream: LogStream): Promise<StreamBlock | null> {
    const memory = this.#free.pop() ?? Buffer.from(new ArrayBuffer(LIMITS.logBlockBytes));
    let length = this.#rest.copy(memory);
    let isEnded = false;
    let isCaughtUp = false;
    while (length < memory.length && !isEnded && !isCaughtUp) {
      const count = await this.#fill(source, memory, length);
      if (count === CAUGHT_UP) {
        isCaughtUp = feedBefore(memory, length) >= 0;
        continue;
      }
      isEnded = count === 0;
      length += count;
      stream.bytes += count;
    }
    if (length === 0) {
      this.#free.push(memory);
      return null;
    }
    const feed = memory.lastIndexOf(LF, length - 1);
    const end = isEnded || feed < 0 ? length : feed + 1;
    this.#rest = Buffer.from(memory.subarray(end, length));
    return this.#cut(memory.subarray(0, end), feed, isCaughtUp);
  }

  /** @param feed the last LF of the block, or -1 */
  #cut(bytes: Buffer, feed: number, isCaughtUp: boolean): StreamBlock {
    const block = {
      bytes,
      stream: this.#next,
      offset: this.#offset,
      isInsideLine: this.#isInsideLine,
      before: this.#before,
      isCaughtUp,
    };
    // The last line of the block, unless it began in an earlier one.
    const isWhole = feed === bytes.length - 1;
    const start = feedBefore(bytes, isWhole ? feed : bytes.length) + 1;
    if (start > 0 || !this.#isInsideLine) {
      this.#before = bytes[start] === SP || bytes[start] === TAB ? 'indented' : 'plain';
    }
    this.#isInsideLine = !isWhole;
    this.#offset += bytes.length;
    return block;
  }

  #endStream(): void {
    if (this.#source instanceof FollowedFile && this.#source.isReplaced) {
      const path = this.#paths[this.#next] as string;
      this.#paths.push(path);
      this.streams.push(newStream(path));
    }
    this.#source?.close();
    this.#source = null;
    this.#rest = Buffer.alloc(0);
    this.#offset = 0;
    this.#isInsideLine = false;
    this.#before = 'none';
    this.#next += 1;
  }
}

function newStream(path: string): LogStream {
  return { path: path === '-' ? path : shownText(path), bytes: 0, fault: null };
}

/** The last LF before a position, or -1. */
function feedBefore(bytes: Buffer, at: number): number {
  // A negative position would be one from the end.
  return at > 0 ? bytes.lastIndexOf(LF, at - 1) : -1;
}

function refuseBinary(head: Buffer, path: string): void {
  if (head.subarray(0, LIMITS.sniffBytes).includes(NUL))
    throw new TandemError('ERR_TANDEM_LOG_BINARY', { path });
}

function faultOf(error: unknown): LogStream['fault'] {
  if (!TandemError.isTandemError(error)) return readFaultOf(error);
  const { code, message, hint = '' } = error;
  return { code, message, hint };
}
