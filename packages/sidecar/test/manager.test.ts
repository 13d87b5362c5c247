import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchSidecarProcessor, openSidecar, SidecarManager, validate } from '../src/index.ts';

const FACES =
  '{"sidecar_info":{"operation_type":"face_detection"},"face_detection":{"success":true,"faces":[{"confidence":0.75}]}}';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-manager-'));
  mkdirSync(join(root, 'a'));
  mkdirSync(join(root, 'b'));
  writeFileSync(join(root, 'a', 'IMG_1.jpg'), 'jpg');
  writeFileSync(join(root, 'a', 'IMG_1.json'), FACES);
  writeFileSync(join(root, 'a', 'IMG_2.json'), FACES);
  writeFileSync(join(root, 'b', 'IMG_3.jpg'), 'jpg');
  writeFileSync(join(root, 'b', 'IMG_3.json'), '{"cut":');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('SidecarManager', () => {
  it('validates, as a report and row by row', async () => {
    const manager = new SidecarManager({ maxWorkers: 1 });
    const report = await manager.validateSidecars(root);
    expect(report).toMatchObject({ total_files: 3, valid_files: 2, invalid_files: 1, complete: true });
    const rows = [];
    for await (const row of manager.eachValidation(root)) rows.push(row.file_path);
    expect(rows).toEqual(report.results.map((row) => row.file_path));
    expect(report.results[2]).toMatchObject({ error_code: 'ERR_TANDEM_JSON_TRUNCATED', error_offset: 7 });
  });

  it('counts, finds and exports', async () => {
    const manager = new SidecarManager();
    expect(await manager.getStatistics(root)).toMatchObject({
      total_images: 2,
      total_sidecars: 3,
      coverage_percentage: 100,
      operation_counts: { face_detection: 2 },
    });
    expect((await manager.getFormatStatistics(root)).format_distribution).toEqual({
      Json: 3,
      Binary: 0,
      Rkyv: 0,
    });
    expect((await manager.findSidecars(join(root, 'a'))).map((row) => row.image_path)).toEqual([
      join(root, 'a', 'IMG_1.jpg'),
      null,
    ]);
    const documents = [];
    for await (const row of manager.exportSidecarData(root, { withDocument: true }))
      documents.push(row.document);
    expect(documents).toEqual([JSON.parse(FACES), JSON.parse(FACES), null]);
  });

  it('converts there and back to the same bytes', async () => {
    const manager = new SidecarManager();
    const there = await manager.convertFormat(join(root, 'a'), 'bin');
    expect(there).toMatchObject({ converted: 2, failed: 0, complete: true });
    expect(openSidecar(join(root, 'a', 'IMG_1.bin')).get('face_detection.faces[0].confidence')).toBe(0.75);
    await manager.convertFormat(join(root, 'a'), 'json');
    expect(readFileSync(join(root, 'a', 'IMG_1.json'), 'utf8')).toBe(FACES);
  });

  it('saves into an existing sidecar and reads it back', async () => {
    const manager = new SidecarManager();
    const image = join(root, 'a', 'IMG_1.jpg');
    expect(await manager.saveSidecarData(image, 'yolov8', { objects: [1, 2] })).toMatchObject({
      created: false,
    });
    expect(manager.readData(image)).toEqual({ ...JSON.parse(FACES), yolov8: { objects: [1, 2] } });
    await expect(manager.createSidecar(image, 'yolov8', {})).rejects.toMatchObject({
      code: 'ERR_TANDEM_TARGET_EXISTS',
    });
    await expect(manager.saveSidecarData(join(root, 'b', 'IMG_3.jpg'), 'yolov8', {})).rejects.toMatchObject({
      code: 'ERR_TANDEM_JSON_TRUNCATED',
    });
  });

  it('finds only sidecars without an image in a dry run of cleanup', async () => {
    const report = await new SidecarManager().cleanupOrphanedSidecars(root, { dryRun: true });
    expect(report).toMatchObject({ would_move: 1, dry_run: true, images: 2 });
  });

  it('refuses invalid arguments before any work', async () => {
    const manager = new SidecarManager();
    await expect(manager.validateSidecars(join(root, 'none'))).rejects.toMatchObject({
      code: 'ERR_TANDEM_INPUT_MISSING',
    });
    await expect(manager.validateSidecars(join(root, 'a', 'IMG_1.jpg'))).rejects.toMatchObject({
      code: 'ERR_TANDEM_INPUT_NOT_A_FOLDER',
    });
    await expect(manager.validateSidecars(root, { operationType: 'pose' })).rejects.toMatchObject({
      code: 'ERR_TANDEM_UNKNOWN_OPERATION',
    });
    await expect(manager.validateSidecars(root, { workers: 0 })).rejects.toMatchObject({
      code: 'ERR_TANDEM_BAD_OPTION',
    });
    await expect(manager.validateSidecars(root, { maxDepth: 0 })).rejects.toMatchObject({
      code: 'ERR_TANDEM_BAD_OPTION',
    });
  });

  it('throws what stopped it after the last row: half a tree is not an answer', async () => {
    const manager = new SidecarManager();
    const all = async (rows: AsyncIterable<unknown>): Promise<void> => {
      for await (const _ of rows);
    };
    const over = { timeout: 1e-9 };
    for (const run of [
      all(manager.eachValidation(root, over)),
      all(manager.eachSidecar(root, over)),
      all(manager.exportSidecarData(root, over)),
      manager.findSidecars(root, over),
      all((await validate({ input: root, ...over })).rows()),
    ]) {
      await expect(run).rejects.toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
    }
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(manager.findSidecars(root, { signal })).rejects.toMatchObject({
      code: 'ERR_TANDEM_ABORTED',
      cause: { message: 'enough' },
    });
    vi.stubEnv('TANDEM_TIMEOUT', '1e-9');
    await expect(manager.findSidecars(root)).rejects.toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
    // A document contains this itself.
    expect(await manager.validateSidecars(root)).toMatchObject({ complete: false });
  });

  it('reports its engine and its operations', async () => {
    const manager = new SidecarManager({ fallback: false });
    await manager.validateSidecars(root);
    const { engine } = manager.selection();
    expect(manager.nativeAvailable).toBe(
      new SidecarManager({ engine: 'auto' }).selection().engine === 'native',
    );
    expect(manager.getPerformanceInfo().operations['sidecar.scan']).toBeDefined();
    expect(['native', 'typescript']).toContain(engine);
  });
});

describe('BatchSidecarProcessor', () => {
  it('processes many folders and reports on each, also on one that fails', async () => {
    const folders = ['a', 'none', 'b'].map((name) => join(root, name));
    const results = await new BatchSidecarProcessor().processDirectories(folders, { maxParallel: 2 });
    expect(results.map((one) => one.directory)).toEqual(folders);
    expect(results.map((one) => one.validation?.total_files ?? one.error?.code)).toEqual([
      2,
      'ERR_TANDEM_INPUT_MISSING',
      1,
    ]);
    await expect(
      new BatchSidecarProcessor().processDirectories(folders, { maxParallel: 0 }),
    ).rejects.toMatchObject({
      code: 'ERR_TANDEM_BAD_OPTION',
    });
  });

  it('reports what stopped the work in a folder together with the results until then', async () => {
    const folders = ['a', 'b'].map((name) => join(root, name));
    const signal = AbortSignal.abort(new Error('enough'));
    const results = await new BatchSidecarProcessor().processDirectories(folders, { signal });
    for (const { error, validation, statistics, formats } of results) {
      expect(error).toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
      for (const report of [validation, statistics, formats])
        expect(report).toMatchObject({ complete: false });
    }
  });
});
