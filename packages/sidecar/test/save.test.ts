import { chmodSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimText, documentLockPath, newRun, scratchName } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../files/src/locks/lock.ts';
import { failingWith } from '../../files/test/failing-steps.ts';
import { treeOf } from '../../files/test/store-files.ts';
import { openSidecar } from '../src/document.ts';
import { readData } from '../src/operations/read.ts';
import { createSidecar, save, saveSidecarData } from '../src/operations/save.ts';
import { as, error, folderMaker, scratchIn } from './save-fixture.ts';

const folderWith = folderMaker();
const { host, scope, pid, started } = newRun();
/** A run of an earlier process with the same number as this one. */
const DEAD = `${host}-${scope}-${pid}-${started + 1}-r00000000`;

describe('a new sidecar', () => {
  it('is IMG.json, indented, with its operation, time and image', async () => {
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
    // Compact, to the last byte.
    expect(readFileSync(saved.path)).toEqual(as(format, openSidecar(saved.path)));
  });

  it('never replaces an existing one, in any format', async () => {
    const folder = folderWith({
      'IMG.jpg': '',
      'IMG.jpg.bin': as('bin', { a: 1 }),
      'B.jpg': '',
      'B.json': 'no JSON',
    });
    const before = treeOf(folder);
    await expect(createSidecar(join(folder, 'IMG.jpg'), 'unified', 1)).rejects.toThrow(
      error('TARGET_EXISTS', {
        path: join(folder, 'IMG.jpg.bin'),
        message: `${join(folder, 'IMG.jpg.bin')} already exists with other content`,
      }),
    );
    await expect(createSidecar(join(folder, 'B.jpg'), 'unified', 1)).rejects.toThrow(error('TARGET_EXISTS'));
    expect(treeOf(folder)).toEqual(before);
  });

  it('is not made where there is no image', async () => {
    const folder = folderWith({ 'other.txt': '' });
    await expect(saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 1)).rejects.toThrow(
      error('NOT_FOUND', { path: join(folder, 'IMG.jpg') }),
    );
    symlinkSync('gone.jpg', join(folder, 'L.jpg'));
    await expect(saveSidecarData(join(folder, 'L.jpg'), 'unified', 1)).rejects.toThrow(error('NOT_FOUND'));
    await expect(saveSidecarData(join(folder, 'x', 'IMG.jpg'), 'unified', 1)).rejects.toThrow(
      error('NOT_FOUND', { path: `${folder}/x/` }),
    );
    for (const name of ['IMG.json', '']) {
      await expect(saveSidecarData(`${folder}/${name}`, 'unified', 1)).rejects.toThrow(
        error('BAD_ARGUMENT', {
          message: `'${folder}/${name}' is not the path of an image`,
          hint: 'name the image, not its sidecar or folder',
        }),
      );
    }
    expect(readdirSync(folder).sort()).toEqual(['L.jpg', 'other.txt']);
  });

  it('fails where the system refuses to look at its image', async () => {
    const folder = folderWith({ 'other.txt': '' });
    const tooLong = 'x'.repeat(300);
    await expect(saveSidecarData(`${folder}/${tooLong}.jpg`, 'unified', 1)).rejects.toThrow(
      error('UNREADABLE', {
        path: `${folder}/${tooLong}.jpg`,
        cause: expect.objectContaining({ code: 'ENAMETOOLONG' }),
      }),
    );
    expect(readdirSync(folder)).toEqual(['other.txt']);
  });

  it('fails where its folder has no space for it', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const steps = failingWith(
      'ENOSPC',
      ({ what, to }) => what === 'link' && to?.endsWith('/IMG.json') === true,
    );
    await expect(save(join(folder, 'IMG.jpg'), 'unified', 1, { onlyNew: false }, steps)).rejects.toThrow(
      error('NO_SPACE', { path: join(folder, 'IMG.json') }),
    );
    expect(readdirSync(folder)).toEqual(['IMG.jpg']);
  });

  it('fails where a dead claim cannot be removed', async () => {
    const claim = claimText(DEAD);
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': claim });
    const steps = failingWith('EROFS', ({ what, path }) => what === 'unlink' && path.endsWith('/IMG.json'));
    await expect(save(join(folder, 'IMG.jpg'), 'unified', 1, { onlyNew: false }, steps)).rejects.toThrow(
      error('UNWRITABLE', { path: join(folder, 'IMG.json') }),
    );
    expect(readFileSync(join(folder, 'IMG.json'), 'utf8')).toBe(claim);
  });

  it('waits while another is made for the same image, in any format', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const path = documentLockPath(join(folder, 'IMG.json'));
    const creating = acquireLock(path, 'save', JOB_STEPS);
    await expect(
      createSidecar(join(folder, 'IMG.jpg'), 'unified', 1, { format: 'rkyv', timeout: 0.02 }),
    ).rejects.toThrow(error('LOCKED', { path }));
    creating.release();
    expect(readdirSync(folder)).toEqual(['IMG.jpg']);
  });

  it('is refused before any work if the arguments are wrong', async () => {
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

describe('a save', () => {
  it.each([
    ['cut JSON', 'IMG.json', '{"a":1', 'JSON_TRUNCATED'],
    ['an empty file', 'IMG.json', '', 'EMPTY_FILE'],
    ['noise', 'IMG.rkyv', '\u0001\u0002\u0003', 'UNKNOWN_FORMAT'],
    ['an array', 'IMG.json', '[1]', 'BAD_ARGUMENT'],
  ])('leaves %s unchanged', async (_name, name, content, code) => {
    const folder = folderWith({ 'IMG.jpg': '', [name]: content });
    const before = treeOf(folder);
    await expect(saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 1)).rejects.toThrow(
      error(code, { path: join(folder, name) }),
    );
    expect(treeOf(folder)).toEqual(before);
  });

  it('keeps the mode bits, and writes nothing where nothing changes', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': '{"unified": [1]}' });
    const path = join(folder, 'IMG.json');
    chmodSync(path, 0o640);
    const { ino } = lstatSync(path);
    expect(await saveSidecarData(join(folder, 'IMG.jpg'), 'unified', [1])).toEqual({ path, created: false });
    expect(lstatSync(path).ino).toBe(ino);
    await saveSidecarData(join(folder, 'IMG.jpg'), 'unified', [2]);
    expect(lstatSync(path).mode & 0o777).toBe(0o640);
    expect(lstatSync(path).ino).not.toBe(ino);
  });

  it('removes the scratch of a killed save beside the sidecar, and beside the target of a link', async () => {
    const left = scratchName(DEAD, 0);
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': '{}', [left]: 'x' });
    await saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 1);
    expect(readdirSync(folder).sort()).toEqual(['IMG.jpg', 'IMG.json']);

    const linked = folderWith({ 'IMG.jpg': '', 'store/x.json': '{}', [`store/${left}`]: 'x' });
    symlinkSync('store/x.json', join(linked, 'IMG.json'));
    await saveSidecarData(join(linked, 'IMG.jpg'), 'unified', 1);
    expect(readdirSync(join(linked, 'store'))).toEqual(['x.json']);
  });

  it('waits for the holder of the lock, up to its time limit', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': '{}' });
    const image = join(folder, 'IMG.jpg');
    const lock = acquireLock(documentLockPath(join(folder, 'IMG.json')), 'save', JOB_STEPS);
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
    const creating = acquireLock(documentLockPath(join(folder, 'IMG.json')), 'save', JOB_STEPS);
    const waiting = saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 1, { timeout: 0.3 });
    const before = as('bin', { yolov8: 1 });
    writeFileSync(join(folder, 'IMG.bin'), before);
    const writing = acquireLock(documentLockPath(join(folder, 'IMG.bin')), 'save', JOB_STEPS);
    creating.release();
    await expect(waiting).rejects.toThrow(
      error('LOCKED', { path: documentLockPath(join(folder, 'IMG.bin')) }),
    );
    expect(readFileSync(join(folder, 'IMG.bin')).equals(before)).toBe(true);
    writing.release();
    expect(readdirSync(folder).sort()).toEqual(['IMG.bin', 'IMG.jpg']);
  });

  it('that runs many times at once in one process loses nothing', async () => {
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

  it('in many formats at once makes one sidecar', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const formats = ['bin', 'json', 'rkyv'] as const;
    const made = await Promise.allSettled(
      formats.map((format) => createSidecar(join(folder, 'IMG.jpg'), 'unified', 1, { format })),
    );
    expect(made.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(readdirSync(folder).length).toBe(2);
  });
});
