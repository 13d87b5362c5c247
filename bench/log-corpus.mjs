// One log of a service, generated from a seed: half a dozen kinds of messages, times that go on, levels as they are
// usually distributed.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './corpus-documents.mjs';

const LEVELS = [...['ERROR', 'WARNING', 'DEBUG', 'DEBUG'], ...Array.from({ length: 21 }, () => 'INFO')];
const LINES_AT_ONCE = 20_000;

/** @returns {{files: number, lines: number, bytes: number}} */
export function makeLog(dir, { bytes: wanted, seed }) {
  const numbers = new Random(seed);
  const random = (below) => numbers.below(below);
  const messages = [
    () => `request ${random(1e6)} served in ${random(900)} ms for client 10.0.${random(256)}.${random(256)}`,
    () => `connection from 192.168.${random(256)}.${random(256)}:${random(65535)} closed`,
    () => `user u${random(5000)} logged in`,
    () => `cache miss for key session:${random(1e6)}`,
    () => `job ${random(1e5)} finished with status ok`,
    () => `disk /dev/sd${'abcd'[random(4)]} at ${random(100)}% capacity`,
    () => `retrying upload of file /data/${random(1e4)}/part-${random(100)}.bin`,
    () => `query took ${random(3000)} ms: SELECT * FROM orders WHERE id = ${random(1e6)}`,
  ];
  const fd = openSync(join(dir, 'service.log'), 'w');
  let [lines, bytes, time] = [0, 0, Date.UTC(2024, 0, 1)];
  while (bytes < wanted) {
    let text = '';
    for (let line = 0; line < LINES_AT_ONCE; line++) {
      time += random(120);
      const level = LEVELS[random(LEVELS.length)];
      const message = messages[random(messages.length)]();
      text += `${new Date(time).toISOString()} ${level} [worker-${random(8)}] ${message}\n`;
    }
    writeSync(fd, text);
    lines += LINES_AT_ONCE;
    bytes += text.length;
  }
  closeSync(fd);
  return { files: 1, lines, bytes };
}
