import { createHash } from 'node:crypto';
import { statSync, utimesSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { BALLS, FACES, SUMMARY } from './rows-fixture.ts';
import { bytesOf, link, newFolder, plant, raw, rowsOf, scanBatches, scanRequest } from './scan-trees.ts';

let root: string;
beforeEach(() => {
  root = newFolder();
});

describe('stats', () => {
  it('has for each sidecar its content and the image to which it belongs', async () => {
    plant(root, {
      'a.json': FACES,
      'A.JPG': '',
      'b.jpg.json': BALLS,
      'c.json': '{',
      'c.png': '',
      'd.jpg': '',
      [raw('é/x.json')]: BALLS,
    });
    link(root, 'b.jpg', '../far\xff');
    for (const name of ['b.jpg.json', 'c.json', 'é/x.json'])
      utimesSync(`${root}/${name}`, 0, 1700000000.9999);
    const batches = await scanBatches(scanRequest({ root, report: 'stats' }));
    const id = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 16);
    const at = '"2023-11-14T22:13:20.999Z"';
    const info = `{"symlink_path":"${root}/b.jpg","target_path":"../far\ufffd","is_symlink":true,"broken":true}`;
    expect(rowsOf(batches)).toEqual([
      `{"id":"${id('a.json')}","image_path":"${root}/A.JPG","sidecar_path":"${root}/a.json","operation":"face_detection","symlink_info":null,"created_at":"2024-05-01T10:00:00Z","last_updated":"2024-05-02","data_size":${FACES.length},"is_valid":true,"format":"json","error_code":null}`,
      `{"id":"${id('b.jpg.json')}","image_path":"${root}/b.jpg","sidecar_path":"${root}/b.jpg.json","operation":"ball_detection","symlink_info":${info},"created_at":null,"last_updated":${at},"data_size":${BALLS.length},"is_valid":true,"format":"json","error_code":null}`,
      `{"id":"${id('c.json')}","image_path":"${root}/c.png","sidecar_path":"${root}/c.json","operation":null,"symlink_info":null,"created_at":null,"last_updated":${at},"data_size":1,"is_valid":false,"format":"json","error_code":"ERR_TANDEM_JSON_TRUNCATED"}`,
      `{"id":"${id('é/x.json')}","image_path":null,"sidecar_path":"${root}/é/x.json","operation":"ball_detection","symlink_info":null,"created_at":null,"last_updated":${at},"data_size":${BALLS.length},"is_valid":true,"format":"json","error_code":null}`,
    ]);
    expect(batches[0]?.totals).toBe(
      '{"items":4,"images":4,"covered":3,"symlinks":1,"broken_symlinks":1,"valid":3,"invalid":1,"unreadable":0,"operations":{' +
        `"face_detection":{"count":1,"timed":1,"seconds":0.5,"judged":1,"succeeded":1,"bytes":${FACES.length}},` +
        `"ball_detection":{"count":2,"timed":2,"seconds":0.002,"judged":2,"succeeded":0,"bytes":${2 * BALLS.length}}},"skipped":{}}`,
    );
  });

  it('reads only the summary of a sealed file, however large the file is', async () => {
    const sealed = encodeBin(Buffer.from(`{"x":"${'y'.repeat(150_000)}"}`), SUMMARY);
    sealed[100_000] = 0;
    plant(root, {
      'a.bin': sealed,
      'b.json': sealed,
      'c.bin': sealed.subarray(0, 5000),
      'd.bin': `["${'x'.repeat(9000)}"]`,
    });
    const rows = rowsOf(await scanBatches(scanRequest({ root, report: 'stats' }))).map((row) =>
      JSON.parse(row),
    );
    expect(
      rows.map((row) => [row.is_valid, row.operation, row.data_size, row.format, row.error_code]),
    ).toEqual([
      [true, 'face_detection', sealed.length, 'bin', null],
      [true, 'face_detection', sealed.length, 'bin', null],
      [false, null, 5000, 'bin', 'ERR_TANDEM_BIN_TRUNCATED'],
      [true, 'unknown', 9004, 'json', null],
    ]);
  });

  it('finds a summary that is longer than the head', async () => {
    const summary = SUMMARY.replace('"tool":null', `"tool":"${'t'.repeat(9000)}"`);
    plant(root, { 'a.bin': encodeBin(Buffer.from('{}'), summary) });
    const [row] = rowsOf(await scanBatches(scanRequest({ root, report: 'stats' }))).map((text) =>
      JSON.parse(text),
    );
    expect([row.is_valid, row.operation]).toEqual([true, 'face_detection']);
  });
});

describe('export', () => {
  it('has the content of each sidecar, and on request the document', async () => {
    plant(root, {
      'a.json': ` ${FACES}\n`,
      'a.jpg': '',
      'b.json': '{',
      'c.bin': encodeLegacy(Buffer.from(BALLS)),
    });
    const batches = await scanBatches(
      scanRequest({ root, report: 'export', withDocument: true, separator: ',\n' }),
    );
    const a = `{"sidecar_path":"${root}/a.json","image_path":"${root}/a.jpg","operation":"face_detection","detection_count":3,"tool_name":"say \\"hi\\", é\\ud800","success":true,"processing_time":0.50,"created_at":"2024-05-01T10:00:00Z","last_updated":"2024-05-02","data_size":${FACES.length + 2},"format":"json","is_valid":true,"error_code":null,"document": ${FACES} }`;
    const b = `{"sidecar_path":"${root}/b.json","image_path":null,"operation":null,"detection_count":0,"tool_name":null,"success":null,"processing_time":null,"created_at":null,"last_updated":null,"data_size":1,"format":"json","is_valid":false,"error_code":"ERR_TANDEM_JSON_TRUNCATED","document":null}`;
    const c = `{"sidecar_path":"${root}/c.bin","image_path":null,"operation":"ball_detection","detection_count":2,"tool_name":null,"success":false,"processing_time":1e-3,"created_at":null,"last_updated":null,"data_size":${BALLS.length + 8},"format":"legacy","is_valid":true,"error_code":null,"document":${BALLS}}`;
    expect(Buffer.from(batches[0]?.rows ?? []).toString()).toBe([a, b, c].join(',\n'));
    expect(batches[0]?.totals).toBe('{"items":3,"valid":2,"invalid":1,"unreadable":0,"skipped":{}}');
  });

  it('writes csv by RFC 4180', async () => {
    plant(root, { 'a,"b.json': FACES, 'a,"b.png': '', 'z\xff.json': '[]' });
    const batches = await scanBatches(scanRequest({ root, report: 'export', separator: '\r\n' }));
    const base64 = bytesOf(`${root}/z\xff.json`).toString('base64');
    expect(Buffer.from(batches[0]?.rows ?? []).toString()).toBe(
      `"${root}/a,""b.json",,"${root}/a,""b.png",face_detection,3,"say ""hi"", é\ufffd",true,0.50,2024-05-01T10:00:00Z,2024-05-02,${FACES.length},json,true,\r\n` +
        `${root}/z\ufffd.json,${base64},,unknown,0,,,,,,2,json,true,`,
    );
  });
});

describe('orphans', () => {
  it('reports as orphans only certain sidecars without an image', async () => {
    plant(root, {
      'a.json': FACES,
      'a.jpg': '',
      'b.json': FACES,
      'c.json': '{"name":"package"}',
      'd.json': '{',
      'e.json': '{"sidecar_info":{},"image_path":"sub/far.jpg"}',
      'sub/far.jpg': '',
      'sub/f.json': '{"unified":[],"image_path":"sub/far.jpg"}',
      'sub/g.json': '{"unified":[],"image_path":"lost.jpg"}',
      'sub/h.bin': encodeLegacy(Buffer.from('[]')),
    });
    link(root, 'l.json', 'b.json');
    link(root, 'm.json', 'nothing');
    const batches = await scanBatches(scanRequest({ root, report: 'orphans' }));
    const row = (path: string, verdict: string, operation: string) => {
      const { size, dev, ino, mtimeNs } = statSync(`${root}/${path}`, { bigint: true });
      return `{"sidecar_path":"${root}/${path}","verdict":"${verdict}","kind":null,"operation":${operation},"data_size":${size},"device":"${dev}","inode":"${ino}","mtime_ns":"${mtimeNs}"}`;
    };
    const unopened = (path: string) =>
      `{"sidecar_path":"${root}/${path}","verdict":"link","kind":null,"operation":null,"data_size":null,"device":null,"inode":null,"mtime_ns":null}`;
    expect(rowsOf(batches)).toEqual([
      row('b.json', 'orphan', '"face_detection"'),
      row('c.json', 'not_a_sidecar', '"unknown"'),
      row('d.json', 'unreadable', 'null'),
      row('e.json', 'image_elsewhere', '"unknown"'),
      unopened('l.json'),
      unopened('m.json'),
      row('sub/f.json', 'image_elsewhere', '"unified"'),
      row('sub/g.json', 'orphan', '"unified"'),
      row('sub/h.bin', 'orphan', '"unknown"'),
    ]);
    expect(batches[0]?.totals).toBe(
      '{"items":10,"images":2,"paired":1,"orphans":3,"left":{"not_a_sidecar":1,"unreadable":1,"image_elsewhere":2,"link":2},"skipped":{}}',
    );
  });

  it('does not judge a listed file whose folder cannot be read', async () => {
    const folder = `${root}/gone`;
    const [row] = rowsOf(await scanBatches(scanRequest({ report: 'orphans', list: [`${folder}/a.json`] })));
    expect(JSON.parse(row ?? '')).toMatchObject({ verdict: 'unreadable', operation: null, device: null });
  });
});
