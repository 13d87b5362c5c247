import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { progressText } from '../src/report/progress.ts';
import {
  BIN,
  finished,
  noTerminal,
  onTerminal,
  photos,
  scratchFolder,
  skipped,
  startOnTerminal,
} from './support.ts';

const TANDEM = `'${process.execPath}' '${join(BIN, 'tandem')}'`;
const WIPED = '\r\u001b[K';

describe('the progress of a run', () => {
  it('shows the share if the total is known', () => {
    const state = { files: 1200, bytes: 3e6, seconds: 4 };
    expect(progressText('validate', state, null)).toBe('validate  1,200 files  300/s  3.0 MB  0:04');
    expect(progressText('validate', state, 2400)).toContain('50 %  1,200 of 2,400  300/s  3.0 MB  0:04');
  });

  it('shows the time alone as long as there is nothing to count', () => {
    expect(progressText('diff', { files: 0, bytes: 0, seconds: 61 }, null)).toBe('diff  1:01');
  });
});

describe.skipIf(noTerminal !== null)(`on a terminal${skipped(noTerminal)}`, () => {
  it.each([
    ['stats', '', /\[#+\.*\] .*\/s/, '150,000 sidecars: 150,000 valid, 0 invalid'],
    // The reader of the pipe prints on the same terminal.
    ['stats --summary', '| cat', /\[#+\.*\] .*\/s/, '{"directory":null,'],
  ])('%s %s shows progress, and wipes it before its output', async (command, pipe, shown, output) => {
    const { stdout } = await onTerminal(`${TANDEM} sidecar ${command} --files '${longList()}' ${pipe}`);
    expect(stdout).toMatch(shown);
    expect(stdout.split(WIPED).at(-1)?.slice(0, output.length)).toBe(output);
  });

  it('a report that is written in pieces ends the progress', async () => {
    const { stdout } = await onTerminal(`${TANDEM} sidecar validate --ndjson --files '${longList()}' | cat`);
    const rows = stdout.slice(stdout.indexOf('{'));
    expect(rows.split('\n')).toHaveLength(150_001);
    expect(rows).not.toContain(WIPED);
  });

  it('Ctrl-C is acknowledged before the run ends', async () => {
    const child = startOnTerminal(`${TANDEM} sidecar validate --files '${longList(10)}'`);
    const result = finished(child);
    child.stdout?.on('data', (chunk: Buffer) => {
      // Typed when the first progress shows.
      if (chunk.includes('/s')) child.stdin?.end('\u0003');
    });
    const { status, stdout } = await result;
    const lines = stdout.slice(stdout.indexOf('^C')).replaceAll(WIPED, '').split('\r\n');
    expect(lines[0]).toBe(
      '^Ctandem sidecar validate: interrupted; the files in progress are being finished, and Ctrl-C again ends it now',
    );
    expect(lines[1]).toMatch(/^[\d,]+ sidecars: [\d,]+ valid, 0 invalid$/);
    expect(lines[2]).toContain('the run was cancelled');
    expect(status).toBe(130);
  });
});

/** A list that names few files many times, so that a run takes a while. */
function longList(times = 1): string {
  const file = join(scratchFolder(), 'list');
  const [folder, names] = [photos(), ['a.json', 'sub/c.png.json']];
  const lines = names.map((name) => `${join(folder, name)}\n`).join('');
  writeFileSync(file, lines.repeat(75_000 * times));
  return file;
}
