// The fastest that we know in plain Node: blocks as latin1, one global expression, and a jump to the next line
// after a level.
// log-regex.mjs FILE
import { openSync, readSync } from 'node:fs';

const BLOCK_BYTES = 4 * 1024 * 1024;
const FIELDS = /ERROR|WARN(?:ING)?|\d{4}-\d\d-\d\dT\d\d:\d\d/g;

const counts = { lines: 0, errors: 0, warnings: 0, times: 0 };
const fd = openSync(process.argv[2]);
const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
let kept = 0;
for (let read = -1; read !== 0; ) {
  read = readSync(fd, block, kept, block.length - kept, null);
  const length = kept + read;
  const end = read === 0 ? length : block.lastIndexOf(10, length - 1) + 1;
  count(block.latin1Slice(0, end));
  block.copy(block, 0, end, length);
  kept = length - end;
}
console.log(`${counts.lines} lines`, JSON.stringify(counts));

function count(text) {
  for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) counts.lines++;
  FIELDS.lastIndex = 0;
  for (let found = FIELDS.exec(text); found !== null; found = FIELDS.exec(text)) {
    if (found[0][0] === 'E') counts.errors++;
    else if (found[0][0] === 'W') counts.warnings++;
    else {
      counts.times++;
      continue;
    }
    const feed = text.indexOf('\n', FIELDS.lastIndex);
    if (feed < 0) break;
    FIELDS.lastIndex = feed + 1;
  }
}
