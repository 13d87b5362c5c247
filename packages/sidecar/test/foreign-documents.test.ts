import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { treeOf } from '../../files/test/store-files.ts';
import { readData, sidecarPath } from '../src/operations/read.ts';
import { createSidecar, saveSidecarData } from '../src/operations/save.ts';
import { cleaned, error, folderMaker, outcomes, SIDECAR, snapshot } from './cleanup-trees.ts';
import { converted, stored } from './convert-trees.ts';

const folderWith = folderMaker();

const RESULT = '{"face_detection":{"success":true,"faces":[{"bbox":[1,2,3,4]}]}}';
const LABELME =
  '{"version":"5.2.1","flags":{},"shapes":[{"label":"x","points":[[1,2]]}],"imagePath":"IMG_1.jpg","imageData":null,"imageHeight":3,"imageWidth":4}';
/** Documents as photo folders contain them, and the kind in their rows. */
const FOREIGN: Readonly<Record<string, readonly [kind: string | null, text: string]>> = {
  'scoring_config.json': [
    'configuration',
    '{"categories":[{"name":"portrait","weights":{"aesthetic_percent":32}}],"face_detection":{"min_confidence_percent":65,"min_face_size":20}}',
  ],
  'detectors.json': [
    'configuration',
    '{"face_detection":{"enabled":true,"threshold":0.5},"yolov8":"yolov8n.pt"}',
  ],
  'switches.json': ['configuration', '{"face_detection":true}'],
  'labelme.json': ['labelme', LABELME.replace('{', '{"face_detection":{"faces":[{}]},')],
  'coco.json': ['coco', '{"images":[],"annotations":[],"categories":[],"object_detection":[{}]}'],
  'IMG_9.jpg.json': [
    'takeout',
    '{"title":"IMG_9.jpg","photoTakenTime":{"timestamp":"1"},"geoData":{},"yolov8":[]}',
  ],
  'package.json': [
    'package',
    '{"name":"yolov8","version":"1.0.0","scripts":{"x":"y"},"yolov8":{"success":true}}',
  ],
  'tsconfig.json': ['configuration', '{"compilerOptions":{"strict":true},"unified":[]}'],
  'weights.json': [null, '{"face_detection":0.3,"quality_assessment":0.7}'],
};
const texts = Object.fromEntries(Object.entries(FOREIGN).map(([name, [, text]]) => [name, text]));
const kinds = Object.fromEntries(Object.entries(FOREIGN).map(([name, [kind]]) => [name, kind]));

describe('documents of other programs', () => {
  it('are not moved by a cleanup, and rows name their kind', async () => {
    const folder = folderWith({ 'A.jpg': '', ...texts, 'B.json': RESULT });
    const before = snapshot(folder);
    const report = await cleaned(folder);
    const { 'B.json': own, ...others } = outcomes(folder, report.results);
    expect(own).toBe('moved');
    expect(new Set(Object.values(others))).toEqual(new Set(['not_a_sidecar']));
    const told = report.results.filter(({ status }) => status === 'left');
    expect(
      Object.fromEntries(told.map((row) => [row.sidecar_path.slice(folder.length + 1), row.kind])),
    ).toEqual(kinds);
    expect(report.left).toEqual({ not_a_sidecar: Object.keys(FOREIGN).length });
    before.delete('B.json');
    for (const [name, text] of before) expect(snapshot(folder).get(name)).toBe(text);
  });

  it('are not converted, with or without an image beside them', async () => {
    const images = Object.keys(FOREIGN).map((name) => [name.replace(/\.json$/, '.png'), ''] as const);
    for (const beside of [{}, Object.fromEntries(images)]) {
      const folder = folderWith({ ...texts, ...beside });
      const before = treeOf(folder);
      const { rows, totals } = await converted({ input: folder, format: 'bin' });
      expect(
        Object.fromEntries(rows.map(({ file_path, kind }) => [file_path.slice(folder.length + 1), kind])),
      ).toEqual(kinds);
      expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set(['not_a_sidecar']));
      expect(totals).toMatchObject({ converted: 0, skipped: { not_a_sidecar: rows.length } });
      expect(treeOf(folder)).toEqual(before);
    }
  });

  it('are not confused with results without sidecar_info, which are converted', async () => {
    const folder = folderWith({ 'IMG_1.jpg': '', 'IMG_1.json': RESULT, 'IMG_2.json': '{"yolov8":[]}' });
    const { rows } = await converted({ input: folder, format: 'bin' });
    expect(rows.map(({ status, kind }) => [status, kind])).toEqual([
      ['converted', null],
      ['converted', null],
    ]);
    expect(treeOf(folder).get('IMG_1.bin')).toBe(stored(RESULT, 'bin'));
  });

  it('are owned if they are stored in Tandem’s formats', async () => {
    const folder = folderWith({
      'A.jpg': '',
      'a1.bin': Buffer.from(stored(LABELME, 'bin'), 'latin1'),
      'a2.rkyv': Buffer.from(stored(LABELME, 'rkyv'), 'latin1'),
      'a3.bin': Buffer.from(stored(LABELME, 'legacy'), 'latin1'),
    });
    expect((await converted({ input: folder, format: 'rkyv' })).totals).toMatchObject({ converted: 2 });
    expect(outcomes(folder, (await cleaned(folder)).results)).toEqual({
      'a1.rkyv': 'moved',
      'a2.rkyv': 'moved',
      'a3.rkyv': 'moved',
    });
  });
});

describe('a save beside a document of another program', () => {
  it.each(Object.entries(FOREIGN).filter(([, [kind]]) => kind !== null))(
    'leaves %s unchanged',
    async (_name, [, text]) => {
      const folder = folderWith({ 'IMG_1.jpg': '', 'IMG_1.json': text });
      const image = join(folder, 'IMG_1.jpg');
      expect(await saveSidecarData(image, 'face_detection', { faces: [] })).toEqual({
        path: join(folder, 'IMG_1.jpg.json'),
        created: true,
      });
      expect((await saveSidecarData(image, 'yolov8', [])).created).toBe(false);
      expect(readFileSync(join(folder, 'IMG_1.json'), 'utf8')).toBe(text);
      expect(sidecarPath(image)).toBe(join(folder, 'IMG_1.jpg.json'));
      expect(readData(image)).toMatchObject({ face_detection: { faces: [] }, yolov8: [] });
    },
  );

  it('takes the other name where Takeout has the longer one', async () => {
    const [, takeout] = FOREIGN['IMG_9.jpg.json'] as readonly [string, string];
    const folder = folderWith({ 'IMG_1.jpg': '', 'IMG_1.jpg.json': takeout });
    const saved = await createSidecar(join(folder, 'IMG_1.jpg'), 'unified', {});
    expect(saved.path).toBe(join(folder, 'IMG_1.json'));
    expect(readFileSync(join(folder, 'IMG_1.jpg.json'), 'utf8')).toBe(takeout);
    expect(sidecarPath(join(folder, 'IMG_1.jpg'))).toBe(saved.path);
  });

  it('writes another format under the first name, and refuses where both names are taken', async () => {
    const folder = folderWith({ 'IMG_1.jpg': '', 'Img_1.JSON': LABELME, 'IMG_1.jpg.json': LABELME });
    const image = join(folder, 'IMG_1.jpg');
    const before = treeOf(folder);
    await expect(saveSidecarData(image, 'unified', {})).rejects.toThrow(error('TARGET_EXISTS'));
    expect(sidecarPath(image)).toBe(join(folder, 'IMG_1.jpg.json'));
    expect(treeOf(folder)).toEqual(before);
    expect(await saveSidecarData(image, 'unified', {}, { format: 'rkyv' })).toEqual({
      path: join(folder, 'IMG_1.rkyv'),
      created: true,
    });
  });

  it('still goes into an unowned object, and reading gives LabelMe where there is nothing else', async () => {
    const folder = folderWith({ 'A.jpg': '', 'A.json': '{"rating":5}', 'B.jpg': '', 'B.json': LABELME });
    expect((await saveSidecarData(join(folder, 'A.jpg'), 'unified', 1)).created).toBe(false);
    expect(readFileSync(join(folder, 'A.json'), 'utf8')).toBe('{"rating":5,"unified":1}');
    expect(readData(join(folder, 'B.jpg'))).toEqual(JSON.parse(LABELME));
  });
});

describe('media files', () => {
  const EXTENSIONS = 'hif jxl jfif psd m4v avi 3gp mts webm mkv jp2 JPE insv lrv braw cr3 pdf'.split(' ');

  it('of every kind keep their sidecars', async () => {
    const files = EXTENSIONS.flatMap((extension, i) => [
      [`M${i}.${extension}`, ''],
      [`M${i}.json`, SIDECAR],
      [`N${i}.${extension}`, ''],
      [`N${i}.${extension}.bin`, SIDECAR],
    ]);
    const folder = folderWith(Object.fromEntries(files));
    expect(await cleaned(folder)).toMatchObject({
      results: [],
      paired: EXTENSIONS.length * 2,
      images: EXTENSIONS.length * 2,
    });
  });

  it('of unknown kinds make a sidecar uncertain', async () => {
    const nfd = Buffer.from('é'.normalize('NFD')).toString('latin1');
    const nfc = Buffer.from('é'.normalize('NFC')).toString('latin1');
    const folder = folderWith({
      'A.jpg': '',
      'B.newraw': '',
      'B.json': SIDECAR,
      'C.newraw': '',
      'c.NEWRAW.json': SIDECAR,
      'D.json': SIDECAR,
      D: '',
      'E.jpg.part': '',
      'E.jpg.json': SIDECAR,
      'E.json': SIDECAR,
      [`${nfd}.xyz`]: '',
      [`${nfc}.json`]: SIDECAR,
    });
    const before = snapshot(folder);
    const report = await cleaned(folder);
    expect(outcomes(folder, report.results)).toEqual({
      'B.json': 'image_uncertain',
      'c.NEWRAW.json': 'image_uncertain',
      'D.json': 'image_uncertain',
      'E.jpg.json': 'image_uncertain',
      'E.json': 'moved',
      'é.json': 'image_uncertain',
    });
    expect(report).toMatchObject({ left: { image_uncertain: 5 }, sidecars: 6 });
    before.delete('E.json');
    for (const [name, text] of before) expect(snapshot(folder).get(name)).toBe(text);
  });

  it('are not sidecars, system files, folders or known companions of images', async () => {
    const beside = ['xmp', 'AAE', 'thm', 'txt', 'xml', 'bin'].map((extension) => [`B.${extension}`, 'noise']);
    const folder = folderWith({
      'A.jpg': '',
      'B.json': SIDECAR,
      ...Object.fromEntries(beside),
      '._B.newraw': '',
      'B.newraw/x.txt': '',
      '.tandem-old/B.newraw': '',
    });
    expect(outcomes(folder, (await cleaned(folder)).results)).toEqual({
      'B.bin': 'unreadable',
      'B.json': 'moved',
    });
  });
});
