// What the sidecar commands that only read print on a terminal.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, FACES, noTerminal, onTerminal, photos, scratchFolder, skipped, write } from './support.ts';

const RED = '\u001b[31m';
const run = (program: string, line: string) => `'${process.execPath}' '${join(BIN, program)}' ${line}`;

describe.skipIf(noTerminal !== null)(`on a terminal${skipped(noTerminal)}`, () => {
  const env = { NO_COLOR: '1' };
  const text = async (line: string) => (await onTerminal(run('tandem', line), { env })).stdout;

  it('validate prints totals, and the kinds of errors with an example', async () => {
    const folder = photos();
    write(folder, { 'd.json': FACES.slice(0, 50), 'e.json': '' });
    expect(await text(`sidecar validate ${folder}`)).toBe(`5 sidecars: 2 valid, 3 invalid

  2  ERR_TANDEM_JSON_TRUNCATED, such as
     ${folder}/b.json:1:41: the text ends where the closing quote should follow (it was truncated: write the file again or restore it)
  1  ERR_TANDEM_EMPTY_FILE, such as
     ${folder}/e.json: the file is empty (restore it from a backup or remove it)

With --output FILE, a report lists every file.
`);
  });

  it('validate --lint adds the kinds of findings, and --summary leaves only the totals', async () => {
    const folder = scratchFolder();
    write(folder, { 'a.json': FACES.replace('{"success"', '{"success":false,"success"') });
    expect(await text(`sidecar validate --lint ${folder}`)).toBe(`1 sidecar: 1 valid, 0 invalid

Found by --lint:
  1  duplicate_key, such as
     ${folder}/a.json

With --output FILE, a report lists every file.
`);
    expect(await text(`sidecar validate --lint --summary ${folder}`)).toBe('1 sidecar: 1 valid, 0 invalid\n');
  });

  it('stats prints totals and a table of the operations', async () => {
    const folder = photos();
    write(folder, { '.DS_Store': '', 'd.jpg': '' });
    expect(await text(`sidecar stats ${folder}`)).toBe(`4 images: 3 with a sidecar (75.0 %), 1 without
3 sidecars: 2 valid, 1 invalid
Skipped 1 (system 1)

operation       sidecars  average size  average time  success
face_detection         2     195 bytes        0.50 s  100.0 %
`);
    expect(await text(`sidecar stats --operation-type unified ${folder}`)).toContain(
      '\n1 sidecar of unified: 0 valid, 1 invalid\nSkipped 3 (system 1, other_operation 2)\n',
    );
  });

  it('format-stats prints a table of the formats, and the kinds of findings with an example', async () => {
    const folder = photos();
    write(folder, { 'd.bin': FACES });
    expect(await text(`sidecar format-stats ${folder}`)).toBe(`4 files

format  files    share
Json        4  100.0 %
Binary      0    0.0 %
Rkyv        0    0.0 %

  1  extension_mismatch, such as
     ${folder}/d.bin: the content is json

With --output FILE, a report lists every file.
`);
  });

  it('export prints a table of the first sidecars', async () => {
    const folder = photos();
    expect(
      await text(`sidecar export ${folder}`),
    ).toBe(`operation                  detections  format       size  sidecar
face_detection                      1  json    195 bytes  ${folder}/a.json
ERR_TANDEM_JSON_TRUNCATED              json     40 bytes  ${folder}/b.json
face_detection                      1  json    195 bytes  ${folder}/sub/c.png.json

3 sidecars: 2 valid, 1 invalid
With --output FILE, all of it is written to a file; --format json, ndjson or csv prints it here.
`);
    for (let index = 0; index < 20; index += 1) write(folder, { [`more/${index}.json`]: FACES });
    const lines = (await text(`sidecar export ${folder}`)).split('\n');
    expect(lines.indexOf('... and 3 more')).toBe(21);
  });

  it('names are shown as one line, errors in red', async () => {
    const folder = scratchFolder();
    write(folder, { 'a\nb.json': '{' });
    const { stdout } = await onTerminal(run('tandem', `sidecar validate ${folder}`));
    expect(stdout).toContain('a\\nb.json:1:2: ');
    expect(stdout).toContain(`${RED}the text ends where`);
  });

  it.each([
    ['tandem', 'sidecar validate --format json', '{"results":['],
    ['tandem', 'sidecar validate --output -', '{"results":['],
    ['tandem', 'sidecar validate --ndjson', '{"file_path":'],
    ['tandem', 'sidecar stats --format json --summary', '{"directory":'],
    ['tandem', 'sidecar export --format csv', 'sidecar_path,'],
    ['tandem', 'sidecar export --data', '{"sidecars":['],
    ['image-sidecar-rust', 'validate', '{"results":['],
    ['sportball-sidecar-rust', 'format-stats', '{"findings":['],
  ])('%s %s prints the report', async (program, line, begin) => {
    const { stdout } = await onTerminal(run(program, `${line} --input ${photos()}`));
    expect(stdout.slice(0, begin.length)).toBe(begin);
  });

  it('a folder that is not there is an error', async () => {
    const { status, stdout } = await onTerminal(run('tandem', 'sidecar validate /no/such/folder'), { env });
    expect({ status, lines: stdout.split('\n').length }).toEqual({ status: 3, lines: 2 });
    expect(stdout).toContain('/no/such/folder: the folder does not exist');
  });

  it('--fail-on and its status do not depend on the text', async () => {
    const line = `sidecar validate --fail-on invalid ${photos()}`;
    expect(await onTerminal(run('tandem', line), { env })).toMatchObject({ status: 1 });
  });
});
