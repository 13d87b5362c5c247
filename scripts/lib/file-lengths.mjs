// Files should have 60 to 250 lines and must be split at 500. Generated files have no limit.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, ROOT } from './processes.mjs';

const LISTED_FROM = 300;
const LIMIT = 500;

export async function checkFileLengths() {
  const { status, stdout } = await capture('git', ['ls-files', '-z', '*.ts', '*.rs', '*.mjs']);
  if (status !== 0) {
    return { status: 0, note: 'not a git checkout, skipped' };
  }
  const long = stdout
    .split('\0')
    .filter((path) => path !== '' && !path.includes('/generated/') && existsSync(join(ROOT, path)))
    .map((path) => ({ path, lines: countLines(path) }))
    .filter((file) => file.lines > LISTED_FROM)
    .sort((a, b) => b.lines - a.lines);
  const tooLong = long.filter((file) => file.lines > LIMIT);
  return {
    status: tooLong.length > 0 ? 1 : 0,
    output: tooLong.map((file) => `${file.path} has ${file.lines} lines; split it at ${LIMIT}\n`).join(''),
    note:
      long.length > 0
        ? `over ${LISTED_FROM}: ${long.map((file) => `${file.path} ${file.lines}`).join(', ')}`
        : '',
  };
}

function countLines(path) {
  return readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1;
}
