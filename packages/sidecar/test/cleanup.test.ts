import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanup, cleanupWith } from '../src/operations/cleanup.ts';
import { FileSteps } from '../src/store/file-steps.ts';
import { acquireLock } from '../src/store/lock.ts';
import {
  type CleanupReport,
  cleaned,
  outcomes,
  SIDECAR,
  snapshot,
  undone,
  writeTree,
} from './cleanup-trees.ts';
import { temporaryFolder } from './store-files.ts';

const base = temporaryFolder();
let folders = 0;

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  folders += 1;
  const folder = join(base, `cleanup-${folders}`);
  mkdirSync(folder);
  writeTree(folder, files);
  return folder;
}

function latin1(name: string): string {
  return Buffer.from(name).toString('latin1');
}

function error(code: string): Error {
  return expect.objectContaining({ code: `ERR_TANDEM_${code}` }) as Error;
}

describe('the older tool deletes', () => {
  it('IMG_0001.json beside IMG_0001.jpg: this one does not', async () => {
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

describe('what is nobody’s', () => {
  it('is moved, and nothing else is', async () => {
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

  it('is told by a dry run, which writes nothing', async () => {
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

  it('is only of the operation that is asked for', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'C.json': '{"yolov8":{}}', 'D.json': '{' });
    const report = await cleaned(folder, { operationType: 'YOLOv8' });
    expect(outcomes(folder, report.results)).toEqual({ 'C.json': 'moved', 'D.json': 'unreadable' });
    expect(report).toMatchObject({ filter_applied: 'yolov8', skipped: { other_operation: 1 }, orphans: 2 });
  });

  it('is told row by row', async () => {
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

describe('what is never moved', () => {
  it.each([
    ['JSON of other programs', { 'package.json': '{"name":"x"}', 'tsconfig.json': '[]' }, 'not_a_sidecar'],
    [
      'album files',
      { 'metadata.json': '{"title":"Summer","date":{}}', [latin1('métadonnées.json')]: '{"titre":"Été"}' },
      'not_a_sidecar',
    ],
    [
      'what cannot be read',
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

  it('what belongs to an image by case, Unicode form, or a shared stem', async () => {
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

  it('what stands beside a linked image, be it broken', async () => {
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

  it('links, and what system files and scratch hold', async () => {
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

describe('a refusal', () => {
  const many = (orphans: number, paired: number): Record<string, string> => ({
    ...Object.fromEntries(Array.from({ length: orphans }, (_, i) => [`gone_${i}.json`, SIDECAR])),
    ...Object.fromEntries(
      Array.from({ length: paired }, (_, i) => [
        [`IMG_${i}.jpg`, ''],
        [`IMG_${i}.json`, SIDECAR],
      ]).flat() as [string, string][],
    ),
  });

  it('is the answer where there is no image at all', async () => {
    const folder = folderWith({ 'sub/IMG_1.json': SIDECAR });
    const before = snapshot(folder);
    await expect(cleanup({ input: folder })).rejects.toThrow(error('NO_IMAGES'));
    expect(snapshot(folder)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['sub']);
    expect(await cleaned(folder, { dryRun: true })).toMatchObject({
      would_move: 1,
      refusal: { code: 'ERR_TANDEM_NO_IMAGES' },
    });
    expect(await cleaned(folderWith({}))).toMatchObject({ moved: 0 });
  });

  it('is the answer where too many have none, from 50 sidecars up', async () => {
    const folder = folderWith(many(11, 39));
    await expect(cleanup({ input: folder })).rejects.toThrow(error('TOO_MANY_ORPHANS'));
    await expect(cleanup({ input: folder, maxShare: 21.9 })).rejects.toThrow(error('TOO_MANY_ORPHANS'));
    // The filter does not make a vanished mount look small.
    await expect(cleanup({ input: folder, operationType: 'yolov8' })).rejects.toThrow(
      error('TOO_MANY_ORPHANS'),
    );
    expect(existsSync(join(folder, '.tandem-quarantine'))).toBe(false);
    expect(existsSync(join(folder, '.tandem-lock'))).toBe(false);
    expect(await cleaned(folder, { dryRun: true })).toMatchObject({
      would_move: 11,
      refusal: { code: 'ERR_TANDEM_TOO_MANY_ORPHANS' },
    });
    expect((await cleaned(folder, { maxShare: 22 })).moved).toBe(11);
    expect((await cleaned(folderWith(many(10, 40)))).moved).toBe(10);
    expect((await cleaned(folderWith(many(48, 1)))).moved).toBe(48);
  });

  it.each([
    ['a folder that is not there', { input: join(base, 'none') }, 'INPUT_MISSING'],
    ['a share of 101 %', { input: base, maxShare: 101 }, 'BAD_OPTION'],
    ['a share that is no number', { input: base, maxShare: Number.NaN }, 'BAD_OPTION'],
    ['an unknown operation', { input: base, operationType: 'x' }, 'UNKNOWN_OPERATION'],
  ])('is the answer to %s', async (_name, options, code) => {
    await expect(cleanup(options)).rejects.toThrow(error(code));
  });

  it('is the answer to the second of two at once', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
    const first = await cleanup({ input: folder });
    await expect(cleanup({ input: folder })).rejects.toThrow(error('LOCKED'));
    await expect(undone(folder)).rejects.toThrow(error('LOCKED'));
    expect((await first.collect<CleanupReport>()).moved).toBe(1);
    const lock = acquireLock(`${folder}/.tandem-lock`, 'convert');
    await expect(cleanup({ input: folder })).rejects.toThrow(error('LOCKED'));
    lock.release();
    expect((await cleaned(folder)).moved).toBe(0);
  });
});

describe('the proof before a move', () => {
  /** Cleans up while something changes between the plan and the moves. */
  async function changing(folder: string, change: () => void): Promise<Record<string, string>> {
    const report = await cleanup({ input: folder });
    change();
    return outcomes(folder, (await report.collect<CleanupReport>()).results);
  }
  const files = { 'A.jpg': '', 'sub/B.json': SIDECAR, 'sub/C.json': SIDECAR };

  it('sees an image that has come back', async () => {
    const folder = folderWith(files);
    expect(await changing(folder, () => writeFileSync(join(folder, 'sub/b.JPG'), ''))).toEqual({
      'sub/B.json': 'image_found',
      'sub/C.json': 'moved',
    });
  });

  it('sees an image that the document names', async () => {
    const named = '{"sidecar_info":{"operation_type":"yolov8","image_path":"../later/B.jpg"}}';
    const folder = folderWith({ ...files, 'sub/B.json': named });
    const change = () => writeTree(folder, { 'later/B.jpg': '' });
    expect(await changing(folder, change)).toMatchObject({ 'sub/B.json': 'image_elsewhere' });
  });

  it.each([
    ['a file that was written', (path: string) => writeFileSync(path, SIDECAR.replace('[]', '{}'))],
    ['a file that was touched', (path: string) => utimesSync(path, 1, 1)],
    [
      'a file that was replaced',
      (path: string) => {
        writeFileSync(`${path}.x`, SIDECAR);
        utimesSync(`${path}.x`, 1_600_003_600, 1_600_003_600.123456);
        renameSync(`${path}.x`, path);
      },
    ],
    ['a file that went away', (path: string) => renameSync(path, `${path}.x`)],
    [
      'a file that became a link',
      (path: string) => {
        renameSync(path, `${path}.x`);
        symlinkSync('B.json.x', path);
      },
    ],
  ])('sees %s', async (_name, change) => {
    const folder = folderWith(files);
    const told = await changing(folder, () => change(join(folder, 'sub/B.json')));
    expect(told).toEqual({ 'sub/B.json': 'changed', 'sub/C.json': 'moved' });
  });

  it('is made again after the manifest is durable, right before the move', async () => {
    const folder = folderWith(files);
    let synced = false;
    const steps = new FileSteps(({ what, path }) => {
      // The sync of the entries: the header has one of its own, before the first write of an entry.
      if (
        what === 'sync' &&
        path.endsWith('manifest.jsonl') &&
        !synced &&
        readFileSync(path, 'utf8').includes('C.json')
      ) {
        synced = true;
        writeFileSync(join(folder, 'sub/B.jpg'), '');
        writeFileSync(join(folder, 'sub/C.json'), '{}');
      }
    });
    const report = await (await cleanupWith({ input: folder }, steps)).collect<CleanupReport>();
    expect(outcomes(folder, report.results)).toEqual({
      'sub/B.json': 'image_found',
      'sub/C.json': 'changed',
    });
    expect(report).toMatchObject({ moved: 0, left: { image_found: 1, changed: 1 } });
    expect(readdirSync(folder).sort()).toEqual(['A.jpg', 'sub']);
    expect(await undone(folder)).toMatchObject({ restored: 0, results: [], runs: [] });
  });

  it.each([
    ['puts back', false, 'changed'],
    ['keeps', true, 'ERR_TANDEM_CHANGED'],
  ])('%s a file that took the place in the very moment of the move', async (_name, again, outcome) => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
    const path = join(folder, 'B.json');
    const steps = new FileSteps((step) => {
      if (step.what === 'rename' && step.path.endsWith('B.json')) writeFileSync(path, 'new');
      if (again && step.what === 'link' && step.to?.endsWith('B.json')) writeFileSync(path, 'newer');
    });
    const { results } = await (await cleanupWith({ input: folder }, steps)).collect<CleanupReport>();
    expect(outcomes(folder, results)).toEqual({ 'B.json': outcome });
    expect(readFileSync(path, 'utf8')).toBe(again ? 'newer' : 'new');
    // What could not be put back is not lost: it lies in the quarantine, and its row says where.
    expect([...snapshot(folder).values()].filter((text) => text.endsWith(' new')).length).toBe(1);
  });

  it('reads a folder again for each group', async () => {
    const orphans = Array.from({ length: 2100 }, (_, i) => [`gone_${i + 1000}.json`, SIDECAR] as const);
    const folder = folderWith({ 'A.jpg': '', ...Object.fromEntries(orphans) });
    let moved = 0;
    const steps = new FileSteps(({ what, path }) => {
      if (what === 'rename' && path.endsWith('.json') && ++moved === 2048)
        writeFileSync(join(folder, 'gone_3099.jpg'), '');
    });
    const report = await (
      await cleanupWith({ input: folder, maxShare: 100 }, steps)
    ).collect<CleanupReport>();
    expect(report).toMatchObject({ moved: 2099, left: { image_found: 1 } });
    expect(existsSync(join(folder, 'gone_3099.json'))).toBe(true);
  });

  it('sees a folder that vanished in mid-run', async () => {
    const folder = folderWith(files);
    expect(await changing(folder, () => renameSync(join(folder, 'sub'), join(folder, 'sub2')))).toEqual({
      'sub/B.json': 'changed',
      'sub/C.json': 'changed',
    });
  });
});

describe('a move that fails', () => {
  it.each([
    ['EXDEV', 'ERR_TANDEM_UNWRITABLE', /another file system/],
    ['EACCES', 'ERR_TANDEM_UNWRITABLE', /write permission/],
    ['ENOSPC', 'ERR_TANDEM_NO_SPACE', /free some space/],
  ])('with %s is a row, and the file stays', async (errno, code, hint) => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'C.json': SIDECAR });
    const steps = new FileSteps(({ what, path }) => {
      if (what === 'rename' && path.endsWith('B.json'))
        throw Object.assign(new Error(errno), { code: errno });
    });
    const { results } = await (await cleanupWith({ input: folder }, steps)).collect<CleanupReport>();
    expect(results).toEqual([
      expect.objectContaining({
        status: 'failed',
        error_code: code,
        hint: expect.stringMatching(hint),
        stored_path: null,
      }),
      expect.objectContaining({ status: 'moved' }),
    ]);
    expect(readFileSync(join(folder, 'B.json'), 'utf8')).toBe(SIDECAR);
  });

  it('because the manifest cannot be written moves nothing and ends the run', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
    const before = snapshot(folder);
    const steps = new FileSteps(({ what, path }) => {
      if (what === 'write' && path.endsWith('.jsonl'))
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    });
    const report = await cleanupWith({ input: folder }, steps);
    await expect(report.collect()).rejects.toThrow(error('NO_SPACE'));
    expect(existsSync(join(folder, '.tandem-lock'))).toBe(false);
    await undone(folder);
    expect(snapshot(folder)).toEqual(before);
  });

  it('because the quarantine is a link does not follow it', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'other/x.txt': '' });
    symlinkSync('other', join(folder, '.tandem-quarantine'));
    await expect(cleaned(folder)).rejects.toThrow(error('UNWRITABLE'));
    expect(readdirSync(join(folder, 'other'))).toEqual(['x.txt']);
  });

  it('because time or patience is over tells so, and what was moved stays whole', async () => {
    const files = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`gone_${i}.json`, SIDECAR]));
    const folder = folderWith({ 'A.jpg': '', ...files });
    const before = snapshot(folder);
    const abort = new AbortController();
    const steps = new FileSteps(({ what, path }) => {
      if (what === 'rename' && path.endsWith('.json')) abort.abort();
    });
    const report = await cleanupWith({ input: folder, maxShare: 100, signal: abort.signal }, steps);
    expect(await report.collect()).toMatchObject({ complete: false, moved: 1 });
    expect(report.stoppedBy?.code).toBe('ERR_TANDEM_ABORTED');
    expect((await undone(folder)).restored).toBe(1);
    expect(snapshot(folder)).toEqual(before);
  });
});
