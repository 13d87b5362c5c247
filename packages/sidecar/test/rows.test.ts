import { createHash } from 'node:crypto';
import { statSync, utimesSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { PathTexts, pathLiteral } from '../src/rows/path-text.ts';
import { RowWriter } from '../src/rows/row-writer.ts';
import { bytesOf, link, newFolder, plant, raw, rowsOf, scanBatches, scanRequest } from './scan-trees.ts';

const FACES =
  '{"sidecar_info":{"operation_type":"face_detection","created_at":"2024-05-01T10:00:00Z","last_updated":"2024-05-02"},' +
  '"data":{"faces":[1,2,3],"tool_name":"say \\"hi\\", \\u00e9\\ud800","success":true,"processing_time":0.50}}';
const BALLS = '{"ball_detection":{"count":2.0,"success":false,"processing_time":1e-3}}';
const SUMMARY =
  '{"operation":"face_detection","detections":7,"tool":null,"success":null,"processing_time":null,"created_at":null,"last_updated":null}';

const NO_ERROR = '"error_code":null,"error_offset":null,"error_line":null,"error_column":null,"hint":null';
const NOTHING = '"detection_count":0,"tool_name":null,"operation_type":null';

let root: string;
beforeEach(() => {
  root = newFolder();
});

describe('paths in rows', () => {
  it('are escaped as reports.md says', () => {
    expect(pathLiteral('a"b\\c\b\t\n\f\r\x01\x7f')).toBe('"a\\"b\\\\c\\b\\t\\n\\f\\r\\u0001\x7f"');
    expect(pathLiteral(raw('\u2028é\u{1f600}\ufeff'))).toBe('"\u2028é\u{1f600}\ufeff"');
  });

  // The maximal subparts of Unicode 15, section 3.9, tables 3-8 to 3-11.
  it.each([
    ['\xff', '\ufffd'],
    ['\xc0\xaf', '\ufffd\ufffd'],
    ['\xe2\x82', '\ufffd'],
    ['\xe2\x82A', '\ufffdA'],
    ['\xed\xa0\x80', '\ufffd\ufffd\ufffd'],
    ['\xf0\x80\x80\x41', '\ufffd\ufffd\ufffdA'],
    ['\xf4\x91\x92\x93\xffA\x80\xbfB', '\ufffd\ufffd\ufffd\ufffd\ufffdA\ufffd\ufffdB'],
    ['\xe1\x80\xe2\xf0\x91\x92\xf1\xbfA', '\ufffd\ufffd\ufffd\ufffdA'],
  ])('%j has a replacement for each maximal ill-formed part, and its bytes beside it', (name, shown) => {
    const paths = new PathTexts('x/');
    expect(paths.literal(name)).toBe(`"x/${shown}"`);
    const base64 = Buffer.from(`x/${name}`, 'latin1').toString('base64');
    expect(paths.rawBytes(name, 'k')).toBe(`,"k":"${base64}"`);
    expect(new PathTexts(`${name}/`).rawBytes('a', 'k')).not.toBe('');
  });

  it('have no bytes beside them where nothing was lost', () => {
    for (const name of ['a', raw('é'), raw('\ufffd'), raw('\ufeff'), '\n']) {
      expect(new PathTexts('x/').rawBytes(name, 'k')).toBe('');
    }
  });
});

it('rows are joined, and nothing stands before the first or after the last', () => {
  const rows = new RowWriter(',\n');
  expect(rows.take().length).toBe(0);
  rows.row('a');
  rows.row('é');
  rows.bytes(Buffer.from('!'));
  rows.row('x'.repeat(300_000));
  expect(Buffer.from(rows.take()).toString()).toBe(`a,\né!,\n${'x'.repeat(300_000)}`);
  rows.row('b');
  expect(Buffer.from(rows.take()).toString()).toBe('b');
});

describe('validate', () => {
  it('tells of each file what it is', async () => {
    plant(root, {
      'a.json': FACES,
      'b.json': '{"a":\n {"é":1,}}',
      'c.json': '',
      'd.bin': BALLS,
      'e\xe9\n.json': '[]',
      'f/g.rkyv': 'what?',
    });
    link(root, 'z.json', 'nothing');
    const batches = await scanBatches(scanRequest({ root }));
    const row = (path: string, rest: string) => `{"file_path":"${root}/${path},${rest}}`;
    expect(rowsOf(batches)).toEqual([
      row(
        'a.json"',
        `"is_valid":true,"error":null,"processing_time":0,"file_size":${FACES.length},"detection_count":3,"tool_name":"say \\"hi\\", é\\ud800","operation_type":"FaceDetection","format":"json",${NO_ERROR},"findings":[]`,
      ),
      row(
        'b.json"',
        `"is_valid":false,"error":"expected a key, found '}'","processing_time":0,"file_size":17,${NOTHING},"format":"json","error_code":"ERR_TANDEM_JSON_SYNTAX","error_offset":15,"error_line":2,"error_column":9,"hint":"mend the text there, or write the sidecar again","findings":[]`,
      ),
      row(
        'c.json"',
        `"is_valid":false,"error":"the file is empty","processing_time":0,"file_size":0,${NOTHING},"format":null,"error_code":"ERR_TANDEM_EMPTY_FILE","error_offset":0,"error_line":null,"error_column":null,"hint":"restore it from a backup or remove it","findings":[]`,
      ),
      row(
        'd.bin"',
        `"is_valid":true,"error":null,"processing_time":0,"file_size":${BALLS.length},"detection_count":2,"tool_name":null,"operation_type":"BallDetection","format":"json",${NO_ERROR},"findings":[{"finding":"extension_mismatch","offset":0}]`,
      ),
      row(
        `e\ufffd\\n.json","file_path_bytes":"${bytesOf(`${root}/e\xe9\n.json`).toString('base64')}"`,
        `"is_valid":true,"error":null,"processing_time":0,"file_size":2,"detection_count":0,"tool_name":null,"operation_type":"Unknown","format":"json",${NO_ERROR},"findings":[]`,
      ),
      row(
        'z.json"',
        `"is_valid":false,"error":"the symbolic link leads nowhere","processing_time":0,"file_size":null,${NOTHING},"format":null,"error_code":"ERR_TANDEM_BROKEN_SYMLINK","error_offset":null,"error_line":null,"error_column":null,"hint":"restore its target or remove the link","findings":[]`,
      ),
      row(
        'f/g.rkyv"',
        `"is_valid":false,"error":"this is none of the sidecar formats","processing_time":0,"file_size":5,${NOTHING},"format":null,"error_code":"ERR_TANDEM_UNKNOWN_FORMAT","error_offset":0,"error_line":null,"error_column":null,"hint":"it may belong to another program; rename it if it is no sidecar","findings":[]`,
      ),
    ]);
    expect(
      batches.map(({ totals, items, cursor }) => [totals, items, Buffer.from(cursor, 'base64').toString()]),
    ).toEqual([['{"items":7,"valid":3,"invalid":3,"unreadable":1,"skipped":{}}', 7, 'f/g.rkyv']]);
  });

  it('has six decimals of seconds', async () => {
    plant(root, { 'a.json': FACES });
    const [batch] = await scanBatches(scanRequest({ root }));
    expect(Buffer.from(batch?.rows ?? []).toString()).toMatch(/"processing_time":\d+\.\d{6},/);
  });

  it('leaves out valid documents of other operations, and says how many', async () => {
    plant(root, { 'a.json': FACES, 'b.json': BALLS, 'c.json': '{', '.tandem-x': '' });
    const batches = await scanBatches(scanRequest({ root, operation: 'ball_detection' }));
    expect(rowsOf(batches).map((row) => JSON.parse(row).file_path)).toEqual([
      `${root}/b.json`,
      `${root}/c.json`,
    ]);
    expect(batches[0]?.totals).toBe(
      '{"items":2,"valid":1,"invalid":1,"unreadable":0,"skipped":{"scratch":1,"other_operation":1}}',
    );
  });

  it('does not read a file over the limit, and tells its size', async () => {
    plant(root, {
      'a.json': `"${'x'.repeat(98)}"`,
      'b.json': `"${'x'.repeat(99)}"`,
      'c.json': 'x'.repeat(200_000),
    });
    const rows = rowsOf(await scanBatches(scanRequest({ root, maxSize: 100 }))).map((row) => JSON.parse(row));
    expect(rows.map((row) => [row.is_valid, row.file_size, row.format, row.error])).toEqual([
      [true, 100, 'json', null],
      [false, 101, null, 'the file has 101 bytes, more than the limit of 100'],
      [false, 200_000, null, 'the file has 200000 bytes, more than the limit of 100'],
    ]);
  });
});

describe('stats', () => {
  it('tells of each sidecar what it says and which image it belongs to', async () => {
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

  it('asks of a sealed file its summary alone, however large it is', async () => {
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

describe('formats', () => {
  it('has a row for each finding and counts every file once', async () => {
    plant(root, {
      'a.json': '{}',
      'b.bin': '{}',
      'c.json': encodeLegacy(Buffer.from('{}')),
      'd.bin': encodeLegacy(Buffer.from('{}')),
      'e.rkyv': encodeLegacy(Buffer.from('{}')),
      'f.json': '',
      'g.rkyv': 'what?',
      'h.rkyv': encodeBin(Buffer.from('{}'), SUMMARY),
      'i.bin': encodeLegacy(Buffer.from('{}')).subarray(0, 9),
    });
    link(root, 'z.bin', 'nothing');
    const batches = await scanBatches(scanRequest({ root, report: 'formats' }));
    const row = (name: string, finding: string, extension: string, content: string) =>
      `{"file_path":"${root}/${name}","finding":"${finding}","extension":"${extension}","content":${content}}`;
    expect(rowsOf(batches)).toEqual([
      row('b.bin', 'extension_mismatch', 'bin', '"json"'),
      row('c.json', 'extension_mismatch', 'json', '"legacy"'),
      row('f.json', 'empty', 'json', 'null'),
      row('g.rkyv', 'unknown_format', 'rkyv', 'null'),
      row('h.rkyv', 'extension_mismatch', 'rkyv', '"bin"'),
      row('z.bin', 'unreadable', 'bin', 'null'),
    ]);
    expect(batches[0]?.totals).toBe('{"items":10,"json":4,"bin":4,"rkyv":2,"legacy":4,"skipped":{}}');
  });
});

describe('export', () => {
  it('has what each sidecar says, and the document where it is wanted', async () => {
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
  it('calls an orphan only what is a sidecar for certain and nobody’s', async () => {
    plant(root, {
      'a.json': FACES,
      'a.jpg': '',
      'b.json': FACES,
      'c.json': '{"name":"package"}',
      'd.json': '{',
      'e.json': '{"sidecar_info":{},"image_path":"sub/far.jpg"}',
      'sub/far.jpg': '',
      'sub/f.json': '{"unified":1,"image_path":"sub/far.jpg"}',
      'sub/g.json': '{"unified":1,"image_path":"lost.jpg"}',
      'sub/h.bin': encodeLegacy(Buffer.from('[]')),
    });
    link(root, 'l.json', 'b.json');
    link(root, 'm.json', 'nothing');
    const batches = await scanBatches(scanRequest({ root, report: 'orphans' }));
    const row = (path: string, verdict: string, operation: string) => {
      const { size, dev, ino, mtimeNs } = statSync(`${root}/${path}`, { bigint: true });
      return `{"sidecar_path":"${root}/${path}","verdict":"${verdict}","operation":${operation},"data_size":${size},"device":"${dev}","inode":"${ino}","mtime_ns":"${mtimeNs}"}`;
    };
    const unopened = (path: string) =>
      `{"sidecar_path":"${root}/${path}","verdict":"link","operation":null,"data_size":null,"device":null,"inode":null,"mtime_ns":null}`;
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

  it('leaves a listed file alone where its folder says nothing', async () => {
    const folder = `${root}/gone`;
    const [row] = rowsOf(await scanBatches(scanRequest({ report: 'orphans', list: [`${folder}/a.json`] })));
    expect(JSON.parse(row ?? '')).toMatchObject({ verdict: 'unreadable', operation: null, device: null });
  });
});
