import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanup } from '../src/operations/cleanup.ts';
import { cleaned, folderMaker, outcomes, SIDECAR, snapshot, undone } from './cleanup-trees.ts';

const folderWith = folderMaker();

function latin1(name: string): string {
  return Buffer.from(name).toString('latin1');
}

describe('a sidecar that the older tool deletes', () => {
  it('stays: IMG_0001.json beside IMG_0001.jpg', async () => {
    const folder = folderWith({ 'IMG_0001.jpg': 'x', 'IMG_0001.json': SIDECAR });
    const before = snapshot(folder);
    expect(await cleaned(folder)).toMatchObject({
      moved: 0,
      results: [],
      run: null,
      paired: 1,
      sidecars: 1,
      images: 1,
    });
    expect(snapshot(folder)).toEqual(before);
  });
});

describe('an orphan', () => {
  it('is moved, and no other file is', async () => {
    const folder = folderWith({
      'IMG_1.jpg': 'x',
      'IMG_1.json': SIDECAR,
      'IMG_2.json': SIDECAR,
      'sub/IMG_3.jpg.json': SIDECAR,
      'sub/DSC.jpg': 'x',
    });
    const before = snapshot(folder);
    const report = await cleaned(folder);
    expect(outcomes(folder, report.results)).toEqual({
      'IMG_2.json': 'moved',
      'sub/IMG_3.jpg.json': 'moved',
    });
    expect(report).toMatchObject({
      moved: 2,
      paired: 1,
      orphans: 2,
      failed: 0,
      left: {},
      complete: true,
      dry_run: false,
    });
    expect(readdirSync(folder).sort()).toEqual(['.tandem-quarantine', 'IMG_1.jpg', 'IMG_1.json', 'sub']);

    const stored = join(folder, '.tandem-quarantine', report.run ?? '');
    expect(readdirSync(stored)).toEqual(['00000001.json', '00000002.json', 'manifest.jsonl']);
    expect(report.results[1]?.stored_path).toBe(`.tandem-quarantine/${report.run}/00000002.json`);
    const lines = readFileSync(join(stored, 'manifest.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      expect.objectContaining({ tandem: 'quarantine', version: 1, run: report.run, directory: folder }),
      {
        stored: '00000001.json',
        path: 'IMG_2.json',
        size: SIDECAR.length,
        mtime: '2020-09-13T14:26:40.123Z',
        mtime_ns: expect.stringMatching(/^1600007200123/),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        operation: 'face_detection',
      },
      expect.objectContaining({ stored: '00000002.json', path: 'sub/IMG_3.jpg.json' }),
    ]);

    expect(await cleaned(folder)).toMatchObject({ moved: 0, run: null, results: [] });
    expect(outcomes(folder, (await undone(folder)).results)).toEqual({
      'IMG_2.json': 'restored',
      'sub/IMG_3.jpg.json': 'restored',
    });
    expect(snapshot(folder)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['IMG_1.jpg', 'IMG_1.json', 'IMG_2.json', 'sub']);
  });

  it('is listed by a dry run, which writes nothing', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'C.json': '{"a":1}', 'D.bin': 'noise' });
    const before = snapshot(folder);
    const dry = await cleaned(folder, { dryRun: true });
    expect(outcomes(folder, dry.results)).toEqual({
      'B.json': 'would_move',
      'C.json': 'not_a_sidecar',
      'D.bin': 'unreadable',
    });
    expect(dry).toMatchObject({
      would_move: 1,
      dry_run: true,
      run: null,
      refusal: null,
      left: { not_a_sidecar: 1, unreadable: 1 },
    });
    expect(snapshot(folder)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['A.jpg', 'B.json', 'C.json', 'D.bin']);
    const real = await cleaned(folder);
    const differences = real.results.map((row, i) => ({
      ...row,
      status: dry.results[i]?.status,
      stored_path: null,
    }));
    expect(differences).toEqual(dry.results);
  });

  it('is moved only if it has the requested operation', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'C.json': '{"yolov8":[]}', 'D.json': '{' });
    const report = await cleaned(folder, { operationType: 'YOLOv8' });
    expect(outcomes(folder, report.results)).toEqual({ 'C.json': 'moved', 'D.json': 'unreadable' });
    expect(report).toMatchObject({ filter_applied: 'yolov8', skipped: { other_operation: 1 }, orphans: 2 });
  });

  it('is reported in a row of its own', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
    const report = await cleanup({ input: folder, layout: 'ndjson' });
    const rows: unknown[] = [];
    for await (const row of report.rows()) rows.push(row);
    expect(rows).toEqual([
      expect.objectContaining({ sidecar_path: join(folder, 'B.json'), status: 'moved' }),
    ]);
    expect(report.totals).toMatchObject({ items: 1, moved: 1 });
  });
});

describe('a cleanup never moves', () => {
  it.each([
    ['JSON of other programs', { 'package.json': '{"name":"x"}', 'tsconfig.json': '[]' }, 'not_a_sidecar'],
    [
      'album files',
      { 'metadata.json': '{"title":"Summer","date":{}}', [latin1('métadonnées.json')]: '{"titre":"Été"}' },
      'not_a_sidecar',
    ],
    [
      'files that cannot be read',
      { 'a.json': '{"face_detection":', 'b.bin': 'noise', 'c.rkyv': '', 'd.json': '\ufeff{}' },
      'unreadable',
    ],
    [
      'sidecars whose image is elsewhere',
      {
        'sidecars/IMG_1.json':
          '{"sidecar_info":{"operation_type":"yolov8","image_path":"../images/IMG_1.jpg"}}',
        'sidecars/IMG_2.json': '{"sidecar_info":{"operation_type":"yolov8","image_path":"images/IMG_1.jpg"}}',
        'images/IMG_1.jpg': '',
      },
      'image_elsewhere',
    ],
  ])('%s', async (_name, files, reason) => {
    const folder = folderWith({ 'IMG.jpg': '', ...files });
    const before = snapshot(folder);
    const report = await cleaned(folder);
    expect(new Set(Object.values(outcomes(folder, report.results)))).toEqual(new Set([reason]));
    expect(report.moved).toBe(0);
    expect(snapshot(folder)).toEqual(before);
  });

  it('a sidecar that belongs to an image by case, Unicode form, or a shared stem', async () => {
    const nfd = latin1('Famílía'.normalize('NFD'));
    const nfc = latin1('Famílía'.normalize('NFC'));
    const folder = folderWith({
      [`Fotos/${nfd}/${nfc}.jpg`]: '',
      [`Fotos/${nfd}/${nfd}.json`]: SIDECAR,
      [`Fotos/${nfd}/${nfd}.JPG.json`]: SIDECAR,
      'case/IMG.JPG': '',
      'case/img.jpg.json': SIDECAR,
      'case/Img.BIN': SIDECAR,
      'twins/IMG.jpg': '',
      'twins/img.JPG': '',
      'twins/Img.json': SIDECAR,
      'raw/IMG.jpg': '',
      'raw/IMG.CR2': '',
      'raw/IMG.json': SIDECAR,
      'raw\xe9/caf\xe9.jpg': '',
      'raw\xe9/CAF\xe9.json': SIDECAR,
    });
    expect(await cleaned(folder)).toMatchObject({ moved: 0, results: [], paired: 7 });
  });

  it('a sidecar beside a linked image, even if the link is broken', async () => {
    const folder = folderWith({
      'real/DSC.jpg': '',
      'album/a.json': SIDECAR,
      'album/b.json': SIDECAR,
      'album/c.json': SIDECAR,
    });
    symlinkSync('../real/DSC.jpg', join(folder, 'album/a.jpg'));
    symlinkSync('../gone/b.jpg', join(folder, 'album/b.jpg'));
    symlinkSync('c.jpg', join(folder, 'album/c.jpg'));
    expect(await cleaned(folder)).toMatchObject({ moved: 0, paired: 3 });
  });

  it('links, system files and scratch', async () => {
    const folder = folderWith({
      'IMG.jpg': '',
      'x.txt': SIDECAR,
      '._IMG_1.jpg.json': SIDECAR,
      '@eaDir/IMG_2.json': SIDECAR,
      '.tandem-old/IMG_3.json': SIDECAR,
      '.nfs0000123': SIDECAR,
    });
    symlinkSync('x.txt', join(folder, 'IMG_4.json'));
    symlinkSync('nowhere', join(folder, 'IMG_5.json'));
    const report = await cleaned(folder);
    expect(outcomes(folder, report.results)).toEqual({ 'IMG_4.json': 'link', 'IMG_5.json': 'link' });
    expect(report).toMatchObject({ moved: 0, left: { link: 2 }, skipped: { system: 2 } });
  });
});
