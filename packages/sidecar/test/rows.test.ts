import { beforeEach, describe, expect, it } from 'vitest';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { PathTexts, pathLiteral } from '../src/rows/path-text.ts';
import { RowWriter } from '../src/rows/row-writer.ts';
import { BALLS, FACES, SUMMARY } from './rows-fixture.ts';
import { bytesOf, link, newFolder, plant, raw, rowsOf, scanBatches, scanRequest } from './scan-trees.ts';

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
  ])(
    '%j has a replacement character for each maximal ill-formed part, and its bytes in a field of their own',
    (name, shown) => {
      const paths = new PathTexts('x/');
      expect(paths.literal(name)).toBe(`"x/${shown}"`);
      const base64 = Buffer.from(`x/${name}`, 'latin1').toString('base64');
      expect(paths.rawBytes(name, 'k')).toBe(`,"k":"${base64}"`);
      expect(new PathTexts(`${name}/`).rawBytes('a', 'k')).not.toBe('');
    },
  );

  it('have no field for bytes where nothing was lost', () => {
    for (const name of ['a', raw('é'), raw('\ufffd'), raw('\ufeff'), '\n']) {
      expect(new PathTexts('x/').rawBytes(name, 'k')).toBe('');
    }
  });
});

it('rows are joined by the separator, without one before the first or after the last', () => {
  const rows = new RowWriter(',\n');
  const room = new Uint8Array(16);
  expect(rows.take(room)).toBe(0);
  rows.row('a');
  rows.row('é');
  rows.bytes(Buffer.from('!'));
  rows.row('x'.repeat(300_000));
  expect(Buffer.from(rows.take(room) as Uint8Array).toString()).toBe(`a,\né!,\n${'x'.repeat(300_000)}`);
  rows.row('b');
  expect(rows.take(room)).toBe(1);
  expect(Buffer.from(room).toString('latin1', 0, 1)).toBe('b');
});

describe('validate', () => {
  it('reports on each file', async () => {
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
        `"is_valid":false,"error":"expected a key, found '}'","processing_time":0,"file_size":17,${NOTHING},"format":"json","error_code":"ERR_TANDEM_JSON_SYNTAX","error_offset":15,"error_line":2,"error_column":9,"hint":"correct the text there, or write the file again","findings":[]`,
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
        `"is_valid":false,"error":"the symbolic link is broken","processing_time":0,"file_size":null,${NOTHING},"format":null,"error_code":"ERR_TANDEM_BROKEN_SYMLINK","error_offset":null,"error_line":null,"error_column":null,"hint":"restore its target or remove the link","findings":[]`,
      ),
      row(
        'f/g.rkyv"',
        `"is_valid":false,"error":"not a known sidecar format","processing_time":0,"file_size":5,${NOTHING},"format":null,"error_code":"ERR_TANDEM_UNKNOWN_FORMAT","error_offset":0,"error_line":null,"error_column":null,"hint":"it may belong to another program; rename it if it is not a sidecar","findings":[]`,
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

  it('leaves out valid documents of other operations, and counts them', async () => {
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

  it('does not read a file over the limit, and reports its size', async () => {
    plant(root, {
      'a.json': `"${'x'.repeat(98)}"`,
      'b.json': `"${'x'.repeat(99)}"`,
      'c.json': 'x'.repeat(200_000),
    });
    const rows = rowsOf(await scanBatches(scanRequest({ root, maxSize: 100 }))).map((row) => JSON.parse(row));
    expect(rows.map((row) => [row.is_valid, row.file_size, row.format, row.error])).toEqual([
      [true, 100, 'json', null],
      [false, 101, null, 'the file is 101 bytes, more than the limit of 100'],
      [false, 200_000, null, 'the file is 200000 bytes, more than the limit of 100'],
    ]);
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
