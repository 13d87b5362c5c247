import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddonCandidate, AddonDescriptor, Batch, BatchSource, StreamOperation } from '@tandem/engine';
import { EngineHost } from '@tandem/engine';
import { afterAll } from 'vitest';

/**
 * The request of a job for tests: counts from `from` to `to` in batches, on an addon that can be made to
 * fail.
 */
export interface CountRequest {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  /** Native only: the number of batches before it fails; null for never. */
  readonly failAt?: number | null;
  /** Native only: fail in count() itself. */
  readonly failAtCall?: boolean;
  /** Native only: further properties of the error. */
  readonly error?: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** Numbers that are replaced by a batch without items, whose cursor is the next number. */
  readonly gaps?: readonly number[];
  /** Milliseconds before each batch, on either engine. */
  readonly delay?: number;
}

export interface CountBatch extends Batch {
  readonly numbers: readonly number[];
}

export interface CountingAddon {
  abiVersion(): number;
  count(request: CountRequest): BatchSource<CountBatch>;
  /** The calls of the addon, for tests to inspect. */
  readonly log: string[];
}

/**
 * The same on both sides: as a string it goes into the addon's file, as a function it is the TypeScript
 * engine.
 */
function counter(request: CountRequest, log: string[], native: boolean): BatchSource<CountBatch> {
  const fail = (): never => {
    throw Object.assign(new Error(request.message ?? 'the addon panicked'), request.error);
  };
  if (native && request.failAtCall) fail();
  let at = request.from;
  let made = 0;
  let cancelled = false;
  return {
    async next() {
      log.push(`next ${at}`);
      if (request.delay) await new Promise((resolve) => setTimeout(resolve, request.delay));
      if (native && made === request.failAt) fail();
      if (cancelled || at >= request.to) return null;
      const numbers: number[] = [];
      if (request.gaps?.includes(at)) {
        made += 1;
        at += 1;
        return { numbers, items: 0, bytes: 0, cursor: String(at) };
      }
      while (numbers.length < request.size && at < request.to) numbers.push(at++);
      made += 1;
      return { numbers, items: numbers.length, bytes: numbers.length * 8, cursor: String(at) };
    },
    cancel() {
      log.push('cancel');
      cancelled = true;
    },
  };
}

export const typescriptLog: string[] = [];

export const count: StreamOperation<CountRequest, CountBatch, CountingAddon> = {
  name: 'count',
  native: (addon, request) => addon.count(request),
  typescript: (request) => counter(request, typescriptLog, false),
  resume: (request, last) => ({ ...request, from: last === null ? request.from : Number(last.cursor) }),
};

/** The source text of a counting addon. */
export function countingAddonSource(abi = 7): string {
  return `const counter = ${counter.toString()};
    const log = [];
    module.exports = { log, abiVersion: () => ${abi}, count: (request) => counter(request, log, true),
      shout: (text) => { if (text === 'panic') throw new Error('the addon panicked'); return text.toUpperCase(); } };`;
}

/** A folder that is removed after the tests of the calling file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-engine-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let files = 0;

/** Writes an addon as a .cjs file, which is loaded like a .node file. */
export function writeAddon(folder: string, source: string): string {
  files += 1;
  const path = join(folder, `addon-${files}.cjs`);
  writeFileSync(path, source);
  return path;
}

export function describeCounting(...candidates: AddonCandidate[]): AddonDescriptor<CountingAddon> {
  return {
    name: 'counting',
    abi: 7,
    candidates: () => candidates,
    cures: ['build the addon'],
    variables: {
      engine: ['COUNTING_ENGINE'],
      workers: ['COUNTING_WORKERS', 'OLDER_WORKERS'],
      timeout: ['COUNTING_TIMEOUT', 'OLDER_TIMEOUT'],
    },
  };
}

/** A host with a fresh counting addon and, by default, an empty environment. */
export function countingHost(folder: string, env: NodeJS.ProcessEnv = {}): EngineHost<CountingAddon> {
  const specifier = writeAddon(folder, countingAddonSource());
  return new EngineHost(describeCounting({ origin: 'path', specifier }), { env, calibrationFile: null });
}

/** All numbers of a stream, in the order in which they were handed out. */
export async function collect(stream: AsyncIterable<CountBatch>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const batch of stream) numbers.push(...batch.numbers);
  return numbers;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
