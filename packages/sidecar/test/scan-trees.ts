import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { type AddonDescriptor, type BatchSource, type RunContext, WorkerPools } from '@tandem/engine';
import { addonDescriptor, type NativeAddon, type RowBatch } from '@tandem/native';
import { onTestFinished } from 'vitest';
import { loadAddon } from '../../engine/src/load-addon.ts';
import type { ScanRequest } from '../src/engines/requests.ts';
import { scanNatively } from '../src/scan/native-scan.ts';
import { scanInTypeScript } from '../src/scan/typescript-scan.ts';

/** Names in these helpers are raw: one byte per character. */
export const raw = (text: string): string => Buffer.from(text).toString('latin1');
export const bytesOf = (name: string): Buffer => Buffer.from(name, 'latin1');

/** A new folder, removed after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(`${tmpdir()}/tandem-test-`);
  // Not in a hook of this module: test files share modules, so a hook would belong to the first of them.
  onTestFinished(() => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Deeper than the longest path: rm descends step by step.
      execFileSync('rm', ['-rf', folder]);
    }
  });
  return folder;
}

/** Makes files by raw path below `root`; a path that ends in '/' is a folder. */
export function plant(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    const full = `${root}/${path}`;
    mkdirSync(bytesOf(path.endsWith('/') ? full : dirname(full)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(bytesOf(full), content);
  }
}

export function link(root: string, path: string, target: string): void {
  mkdirSync(bytesOf(dirname(`${root}/${path}`)), { recursive: true });
  symlinkSync(bytesOf(target), bytesOf(`${root}/${path}`));
}

/** Shared by all test files; its idle threads do not keep the process alive. */
const pool = new WorkerPools();

export function context(workers: number): RunContext {
  return { workers, pool, signal: new AbortController().signal, withoutWorkers: () => undefined };
}

export function scanRequest(given: Partial<ScanRequest>): ScanRequest {
  return {
    report: 'validate',
    root: '',
    list: null,
    operation: '',
    lint: false,
    separator: '\n',
    withDocument: false,
    maxSize: 1 << 20,
    maxDepth: 64,
    after: '',
    ...given,
  };
}

export type ScanEngine = 'typescript' | 'native';

/** The addon, where this run uses it. */
export const addon: NativeAddon | null = addonFor(process.env['TANDEM_ENGINE'], addonDescriptor);
/** The engine of this test run. */
export const engineUnderTest: ScanEngine = addon === null ? 'typescript' : 'native';

export function startScan(request: ScanRequest, engine: ScanEngine = engineUnderTest, workers = 2) {
  if (engine === 'typescript') return scanInTypeScript(request, context(workers));
  return scanNatively(addon as NativeAddon, request, context(workers));
}

export async function scanBatches(
  request: ScanRequest,
  engine: ScanEngine = engineUnderTest,
  workers = 2,
): Promise<RowBatch[]> {
  return keptBatches(startScan(request, engine, workers));
}

/** All batches that a source still has; rows are copied, because an engine may overwrite them. */
export async function keptBatches(
  source: BatchSource<RowBatch>,
  batches: RowBatch[] = [],
): Promise<RowBatch[]> {
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    batches.push({ ...batch, rows: new Uint8Array(batch.rows) });
  }
  return batches;
}

/** All rows as text, without what differs between two runs. */
export function rowsOf(batches: readonly RowBatch[]): string[] {
  return batches.flatMap(({ rows }) =>
    rows.length === 0 ? [] : masked(Buffer.from(rows).toString('utf8')).split('\n'),
  );
}

/** Masks the volatile numbers of spec/sidecar/reports.json. */
export function masked(text: string): string {
  return text.replace(/"(processing_time|seconds)":[0-9.e+-]+/g, '"$1":0');
}

/**
 * Fails where the native engine is to be tested and cannot be loaded: otherwise nothing would show that
 * nothing was compared.
 */
export function addonFor(
  engine: string | undefined,
  descriptor: AddonDescriptor<NativeAddon>,
): NativeAddon | null {
  if (engine !== 'native') return null;
  const { addon: loaded, failures } = loadAddon(descriptor);
  if (loaded !== null) return loaded;
  const reasons = failures.map(({ reason }) => reason).join('; ');
  throw new Error(`these tests are for the native engine, and it cannot be loaded: ${reasons}`);
}
