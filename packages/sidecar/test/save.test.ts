import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSidecar } from '../src/document.ts';
import type { StoredFormat } from '../src/formats/format.ts';
import { readData, sidecarPath } from '../src/operations/read.ts';
import { createSidecar, saveSidecarData } from '../src/operations/save.ts';
import { acquireLock } from '../src/store/lock.ts';
import { sidecarLockPath } from '../src/store/sidecar-lock.ts';
import { sealed } from '../src/store/splice.ts';
import { runModule, temporaryFolder, treeOf } from './store-files.ts';

const base = temporaryFolder();
const LIMITS = { maxSize: 1 << 20, maxDepth: 64 };
let folders = 0;

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  folders += 1;
  const folder = join(base, `save-${folders}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

function as(format: StoredFormat, document: unknown): Buffer {
  return sealed(format, Buffer.from(JSON.stringify(document)), LIMITS);
}

function error(code: string, more: Record<string, unknown> = {}): Error {
  return expect.objectContaining({ code: `ERR_TANDEM_${code}`, ...more }) as Error;
}

function scratchIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('.tandem-'));
}

describe('a new sidecar', () => {
  it('is IMG.json, indented, with what it was made of', async () => {
    const folder = folderWith({ 'IMG_1.jpg': '' });
    const image = join(folder, 'IMG_1.jpg');
    const began = new Date().toISOString();
    const saved = await saveSidecarData(image, 'Face-Detection', { faces: [{ confidence: 0.5 }] });
    expect(saved).toEqual({ path: join(folder, 'IMG_1.json'), created: true });
    const text = readFileSync(saved.path, 'utf8');
    const document = JSON.parse(text) as { sidecar_info: { created_at: string } };
    expect(text).toBe(`${JSON.stringify(document, null, 2)}\n`);
    expect(document).toEqual({
      sidecar_info: { operation_type: 'face_detection', created_at: expect.any(String), image_path: image },
      face_detection: { faces: [{ confidence: 0.5 }] },
    });
    expect(document.sidecar_info.created_at >= began).toBe(true);
    expect(openSidecar(saved.path).summary).toMatchObject({ operation: 'face_detection', detections: 1 });
    expect(readData(image)).toEqual(document);
    expect(scratchIn(folder)).toEqual([]);
  });

  it.each(['bin', 'rkyv'] as const)('is made as %s', async (format) => {
    const folder = folderWith({ 'IMG_1.CR2': '' });
    const saved = await createSidecar(join(folder, 'IMG_1.CR2'), 'yolov8', { boxes: [1, 2] }, { format });
    expect(saved).toEqual({ path: join(folder, `IMG_1.${format}`), created: true });
    expect(openSidecar(saved.path)).toMatchObject({
      format,
      summary: { operation: 'yolov8', detections: 2 },
    });
  });

  it('is never made over one that is there, of whatever format', async () => {
    const folder = folderWith({
      'IMG.jpg': '',
      'IMG.jpg.bin': as('bin', { a: 1 }),
      'B.jpg': '',
      'B.json': 'no JSON',
    });
    const before = treeOf(folder);
    await expect(createSidecar(join(folder, 'IMG.jpg'), 'unified', 1)).rejects.toThrow(
      error('TARGET_EXISTS', { path: join(folder, 'IMG.jpg.bin') }),
    );
    await expect(createSidecar(join(folder, 'B.jpg'), 'unified', 1)).rejects.toThrow(error('TARGET_EXISTS'));
    expect(treeOf(folder)).toEqual(before);
  });

  it('is not made where there is no image', async () => {
    const folder = folderWith({ 'other.txt': '' });
    await expect(saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 1)).rejects.toThrow(error('NOT_FOUND'));
    symlinkSync('gone.jpg', join(folder, 'L.jpg'));
    await expect(saveSidecarData(join(folder, 'L.jpg'), 'unified', 1)).rejects.toThrow(error('NOT_FOUND'));
    await expect(saveSidecarData(join(folder, 'x', 'IMG.jpg'), 'unified', 1)).rejects.toThrow(
      error('NOT_FOUND'),
    );
    await expect(saveSidecarData(join(folder, 'IMG.json'), 'unified', 1)).rejects.toThrow(
      error('BAD_ARGUMENT'),
    );
    expect(readdirSync(folder).sort()).toEqual(['L.jpg', 'other.txt']);
  });

  it('is refused before any work where the call is wrong', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const image = join(folder, 'IMG.jpg');
    await expect(saveSidecarData(image, 'face_detektion', 1)).rejects.toThrow(error('UNKNOWN_OPERATION'));
    await expect(saveSidecarData(image, 'unified', { a: undefined })).rejects.toThrow(error('BAD_ARGUMENT'));
    await expect(saveSidecarData(image, 'unified', 1, { format: 'xml' as 'json' })).rejects.toThrow(
      error('UNKNOWN_FORMAT_NAME'),
    );
    await expect(saveSidecarData(image, 'unified', 1, { timeout: Number.NaN })).rejects.toThrow(
      error('BAD_OPTION'),
    );
    expect(readdirSync(folder)).toEqual(['IMG.jpg']);
  });
});

describe('the sidecar of an image', () => {
  const document = (count: number) => ({ sidecar_info: {}, count });
  it.each([
    ['replaces the extension', ['IMG.jpg'], ['IMG.json'], 'IMG.jpg', 'IMG.json'],
    ['adds to it', ['IMG.jpg'], ['IMG.jpg.json', 'IMG.json'], 'IMG.jpg', 'IMG.jpg.json'],
    ['is shared by a JPEG and its raw file', ['IMG.jpg', 'IMG.CR2'], ['IMG.json'], 'IMG.jpg', 'IMG.json'],
    ['is found in another case', ['IMG.JPG'], ['img.JSON'], 'IMG.JPG', 'img.JSON'],
    [
      'is found in the other Unicode form',
      ['Famille\u0301.jpg'],
      ['Famill\u00e9.json'],
      'Famille\u0301.jpg',
      'Famill\u00e9.json',
    ],
    ['is not one of an image that has its very name', ['IMG.jpg', 'img.jpg'], ['IMG.json'], 'img.jpg', null],
    [
      'is not guessed between two images that differ in case',
      ['IMG.jpg', 'img.JPG'],
      ['Img.json'],
      'img.JPG',
      null,
    ],
    [
      'is bin before rkyv before json',
      ['IMG.jpg'],
      ['IMG.json', 'IMG.rkyv', 'IMG.bin'],
      'IMG.jpg',
      'IMG.bin',
    ],
  ])('%s', (_name, images, sidecars, image, found) => {
    const files = Object.fromEntries([
      ...images.map((name) => [name, ''] as const),
      ...sidecars.map(
        (name, i) =>
          [
            name,
            as(name.endsWith('bin') ? 'bin' : name.endsWith('rkyv') ? 'rkyv' : 'json', document(i)),
          ] as const,
      ),
    ]);
    const folder = folderWith(files);
    expect(sidecarPath(join(folder, image))).toBe(found === null ? null : join(folder, found));
    expect(readData(join(folder, image)) === null).toBe(found === null);
  });

  it('is the one that holds the operation, whatever its format', async () => {
    const folder = folderWith({
      'IMG.jpg': '',
      'IMG.bin': as('bin', { ball_detection: 1 }),
      'IMG.json': '{"Face_detector": 1}',
    });
    const image = join(folder, 'IMG.jpg');
    expect(await saveSidecarData(image, 'face_detection', 2)).toEqual({
      path: join(folder, 'IMG.json'),
      created: false,
    });
    expect(readFileSync(join(folder, 'IMG.json'), 'utf8')).toBe('{"Face_detector": 2}');
    expect((await saveSidecarData(image, 'unified', 3)).path).toBe(join(folder, 'IMG.bin'));
    expect(readData(image)).toEqual({ ball_detection: 1, unified: 3 });
    expect(readData(image, { operation: 'face_detection' })).toEqual({ Face_detector: 2 });
  });

  it('is not chosen past one that cannot be read and may hold the operation', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.bin': 'broken', 'IMG.json': '{"unified": 1}' });
    const image = join(folder, 'IMG.jpg');
    const before = treeOf(folder);
    await expect(saveSidecarData(image, 'face_detection', 2)).rejects.toThrow(
      error('UNKNOWN_FORMAT', { path: join(folder, 'IMG.bin') }),
    );
    expect(treeOf(folder)).toEqual(before);
    await saveSidecarData(image, 'unified', 2);
    expect(readFileSync(join(folder, 'IMG.json'), 'utf8')).toBe('{"unified": 2}');
  });

  it('is not the preferred one where another may hold the operation and cannot be read', async () => {
    const folder = folderWith({
      'IMG.jpg': '',
      'IMG.bin': as('bin', { yolov8: 1 }),
      'IMG.json': '{"unified": 1',
    });
    const before = treeOf(folder);
    await expect(saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 2)).rejects.toThrow(
      error('JSON_TRUNCATED', { path: join(folder, 'IMG.json') }),
    );
    expect(treeOf(folder)).toEqual(before);
  });

  it('is that of the file a linked image leads to', async () => {
    const folder = folderWith({ 'originals/DSC_1.jpg': '', 'album/x.txt': '' });
    const link = join(folder, 'album', 'best.jpg');
    symlinkSync('../originals/DSC_1.jpg', link);
    const saved = await saveSidecarData(link, 'unified', 1);
    expect(saved.path).toBe(join(folder, 'originals', 'DSC_1.json'));
    expect(openSidecar(saved.path).summary.imagePath).toBe(join(folder, 'originals', 'DSC_1.jpg'));
    expect((await saveSidecarData(link, 'yolov8', 2)).created).toBe(false);
    expect(readData(join(folder, 'originals', 'DSC_1.jpg'))).toMatchObject({ unified: 1, yolov8: 2 });
  });

  it('may be a link itself, and stays one', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'store/x.json': '{"unified":1}' });
    symlinkSync('store/x.json', join(folder, 'IMG.json'));
    await saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 2);
    expect(lstatSync(join(folder, 'IMG.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'store/x.json'), 'utf8')).toBe('{"unified":2}');
    symlinkSync('gone.json', join(folder, 'B.json'));
    writeFileSync(join(folder, 'B.jpg'), '');
    await expect(saveSidecarData(join(folder, 'B.jpg'), 'unified', 2)).rejects.toThrow(
      error('BROKEN_SYMLINK'),
    );
  });

  it('has any name that a disk takes', async () => {
    const folder = folderWith({ x: '' });
    const raw = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('caf\xe9\n"x" .jpg', 'latin1')]);
    writeFileSync(raw, '');
    const saved = await saveSidecarData(raw, 'unified', 1);
    expect(saved.path).toBe(join(folder, 'caf\ufffd\n"x" .json'));
    expect((await saveSidecarData(raw, 'unified', 2)).created).toBe(false);
    expect(readData(raw)).toMatchObject({ unified: 2 });
    const long = `${'x'.repeat(250)}.jpg`;
    writeFileSync(join(folder, long), '');
    expect((await saveSidecarData(join(folder, long), 'unified', 1)).created).toBe(true);
    expect((await saveSidecarData(join(folder, long), 'unified', 2)).created).toBe(false);
    expect(scratchIn(folder)).toEqual([]);
  });
});

describe('a save', () => {
  it.each([
    ['cut JSON', 'IMG.json', '{"a":1', 'JSON_TRUNCATED'],
    ['an empty file', 'IMG.json', '', 'EMPTY_FILE'],
    ['noise', 'IMG.rkyv', '\u0001\u0002\u0003', 'UNKNOWN_FORMAT'],
    ['an array', 'IMG.json', '[1]', 'BAD_ARGUMENT'],
  ])('leaves %s as it is', async (_name, name, content, code) => {
    const folder = folderWith({ 'IMG.jpg': '', [name]: content });
    const before = treeOf(folder);
    await expect(saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 1)).rejects.toThrow(
      error(code, { path: join(folder, name) }),
    );
    expect(treeOf(folder)).toEqual(before);
  });

  it('keeps bits, and writes nothing where nothing changes', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': '{"unified": [1]}' });
    const path = join(folder, 'IMG.json');
    chmodSync(path, 0o640);
    const { ino } = lstatSync(path);
    await saveSidecarData(join(folder, 'IMG.jpg'), 'unified', [1]);
    expect(lstatSync(path).ino).toBe(ino);
    await saveSidecarData(join(folder, 'IMG.jpg'), 'unified', [2]);
    expect(lstatSync(path).mode & 0o777).toBe(0o640);
    expect(lstatSync(path).ino).not.toBe(ino);
  });

  it('waits for whoever holds the lock, up to its time', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': '{}' });
    const image = join(folder, 'IMG.jpg');
    const lock = acquireLock(sidecarLockPath(join(folder, 'IMG.json')), 'save');
    await expect(saveSidecarData(image, 'unified', 1, { timeout: 0.05 })).rejects.toThrow(error('LOCKED'));
    await expect(saveSidecarData(image, 'unified', 1, { signal: AbortSignal.abort() })).rejects.toThrow(
      error('ABORTED'),
    );
    const waiting = saveSidecarData(image, 'unified', 1);
    setTimeout(() => lock.release(), 30);
    expect((await waiting).created).toBe(false);
    expect(readFileSync(join(folder, 'IMG.json'), 'utf8')).toBe('{"unified":1}');
  });

  it('takes the lock of the sidecar that was made while it waited', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const creating = acquireLock(sidecarLockPath(join(folder, 'IMG.json')), 'save');
    const waiting = saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 1, { timeout: 0.3 });
    const before = as('bin', { yolov8: 1 });
    writeFileSync(join(folder, 'IMG.bin'), before);
    const writing = acquireLock(sidecarLockPath(join(folder, 'IMG.bin')), 'save');
    creating.release();
    await expect(waiting).rejects.toThrow(
      error('LOCKED', { path: sidecarLockPath(join(folder, 'IMG.bin')) }),
    );
    expect(readFileSync(join(folder, 'IMG.bin')).equals(before)).toBe(true);
    writing.release();
    expect(readdirSync(folder).sort()).toEqual(['IMG.bin', 'IMG.jpg']);
  });

  it('many at once in one process lose nothing', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const operations = [
      'face_detection',
      'ball_detection',
      'object_detection',
      'yolov8',
      'unified',
      'game_detection',
    ];
    await Promise.all(
      operations.map((operation, i) => saveSidecarData(join(folder, 'IMG.jpg'), operation, i)),
    );
    expect(readdirSync(folder).sort()).toEqual(['IMG.jpg', 'IMG.json']);
    expect(readData(join(folder, 'IMG.jpg'))).toMatchObject(
      Object.fromEntries(operations.map((operation, i) => [operation, i])),
    );
  });

  it('of many formats at once makes one sidecar', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const formats = ['bin', 'json', 'rkyv'] as const;
    const made = await Promise.allSettled(
      formats.map((format) => createSidecar(join(folder, 'IMG.jpg'), 'unified', 1, { format })),
    );
    expect(made.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(readdirSync(folder).length).toBe(2);
  });
});

const ROUNDS = 1000;
/** A save syncs twice: 2,000 of them take two seconds here, and minutes where a sync takes 50 ms. */
const SLOW_DISK_MS = 600_000;

describe('two processes', () => {
  const SAVER = `
    const { saveSidecarData, } = await import(sidecar + '/operations/save.js');
    const { openSidecar } = await import(sidecar + '/document.js');
    const [image, operation, path, rounds] = process.argv.slice(1);
    for (let round = 1; round <= Number(rounds); round++) {
      await saveSidecarData(image, operation, { round, note: operation.repeat(round % 7) });
      // What this process saved before must be there until it saves again.
      const seen = openSidecar(path).get(operation + '.round');
      if (seen !== round) throw new Error(operation + ': saved ' + round + ', found ' + seen);
    }`;

  it.each(['json', 'bin', 'rkyv'] as const)(
    'that save different operations into one %s lose none',
    async (format) => {
      const before = { first: 1, keep: [1.5, 'x'] };
      const folder = folderWith({ 'IMG.jpg': '', [`IMG.${format}`]: as(format, before) });
      const image = join(folder, 'IMG.jpg');
      const path = join(folder, `IMG.${format}`);
      const rounds = format === 'json' ? ROUNDS : Math.ceil(ROUNDS / 10);
      const ends = await Promise.all(
        ['face_detection', 'ball_detection'].map((operation) =>
          runModule(SAVER, [image, operation, path, String(rounds)]),
        ),
      );
      expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
        { code: 0, stderr: '' },
        { code: 0, stderr: '' },
      ]);
      expect(readData(image)).toMatchObject({
        ...before,
        face_detection: { round: rounds },
        ball_detection: { round: rounds },
      });
      expect(scratchIn(folder)).toEqual([]);
    },
    SLOW_DISK_MS,
  );
});

describe('a kill', () => {
  const KILLED = `
    const { save } = await import(sidecar + '/operations/save.js');
    const { FileSteps } = await import(sidecar + '/store/file-steps.js');
    const [image, format, at] = process.argv.slice(1);
    let step = 0;
    const steps = new FileSteps(() => {
      if (step++ === Number(at)) process.kill(process.pid, 'SIGKILL');
    });
    await save(image, 'face_detection', { round: 2 }, { onlyNew: false, format }, steps);`;

  it.each([
    ['an update', { 'IMG.json': '{"keep": [1.50], "face_detection": {"round": 1}}' }, 'json'],
    ['a new sidecar', {}, 'bin'],
  ] as const)(
    'at any step of %s loses nothing, and leaves nothing after the next save',
    async (_name, files, format) => {
      let steps = 0;
      for (let ended = false; !ended; steps++) {
        const folder = folderWith({ 'IMG.jpg': '', ...files });
        const image = join(folder, 'IMG.jpg');
        const { signal, code, stderr } = await runModule(KILLED, [image, format, String(steps)]);
        ended = signal === null;
        if (ended) expect([code, stderr]).toEqual([0, '']);
        // Whole, as it was or as it was to be.
        const found = readData(image) as { face_detection: unknown } | null;
        expect(found === null ? [] : [{ round: 1 }, { round: 2 }]).toEqual(
          found === null ? [] : expect.arrayContaining([found.face_detection]),
        );

        await saveSidecarData(image, 'ball_detection', 3);
        await saveSidecarData(image, 'face_detection', { round: 4 });
        const after = {
          ...('IMG.json' in files ? { keep: [1.5] } : {}),
          face_detection: { round: 4 },
          ball_detection: 3,
        };
        expect(readData(image)).toMatchObject(after);
        expect(scratchIn(folder)).toEqual([]);
        expect(readdirSync(folder).length).toBe(2);
      }
      expect(steps).toBeGreaterThan(8);
    },
  );
});

describe('a kill at any moment', () => {
  const rounds = Number(process.env['TANDEM_SOAK'] ?? 6);
  const KILLED = `
    import { Worker } from 'node:worker_threads';
    const { saveSidecarData } = await import(sidecar + '/operations/save.js');
    const [image, ms] = process.argv.slice(1);
    new Worker('setTimeout(() => process.kill(process.pid, "SIGKILL"), ' + ms + ')', { eval: true }).unref();
    for (let round = 1; ; round++) await saveSidecarData(image, 'face_detection', { round, same: round });`;

  it(`of a process that saves, ${rounds} times, leaves a whole sidecar`, async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': '{"keep":[1.50]}' });
    const image = join(folder, 'IMG.jpg');
    let last = 0;
    for (let round = 0; round < rounds; round++) {
      const { signal } = await runModule(KILLED, [image, String(20 + Math.random() * 100)]);
      expect(signal).toBe('SIGKILL');
      const { face_detection: found = { round: 0, same: 0 } } = readData(image) as {
        face_detection?: { round: number; same: number };
      };
      expect(found.same).toBe(found.round);
      last = Math.max(last, found.round);
      await saveSidecarData(image, 'ball_detection', round);
      expect(scratchIn(folder)).toEqual([]);
    }
    expect(last).toBeGreaterThan(0);
    expect(openSidecar(join(folder, 'IMG.json')).text('keep')).toBe('[1.50]');
  });
});
