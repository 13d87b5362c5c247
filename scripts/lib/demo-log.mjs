// The logs of the demo and of the samples in the docs: a day of a service, whose database is away for a quarter of
// an hour. The same bytes on every machine.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Random } from '../../bench/corpus-documents.mjs';

export const LOGS = join('demo', 'logs');
const SEED = 1;
const LINES = 20_000;
const DAY = Date.UTC(2024, 4, 1);
const DAY_MS = 86_400_000;
/** The first half is compressed, as rotation leaves it. */
const ROTATED = LINES / 2;
const OUTAGE = { from: DAY + 14 * 3_600_000, to: DAY + 14.25 * 3_600_000 };

/** Makes `demo/logs` below a folder, replacing an old one. @returns {{entries: number, errors: number}} */
export function makeDemoLogs(below) {
  const numbers = new Random(SEED);
  const random = (below) => numbers.below(below);
  const counts = { entries: 0, errors: 0 };
  const texts = Array.from({ length: LINES }, (_, line) => {
    const time = DAY + Math.floor((line / LINES) * DAY_MS) + random(1000);
    const { level, message } =
      time >= OUTAGE.from && time < OUTAGE.to && random(3) > 0 ? outage(random) : usual(random);
    counts.entries += 1;
    counts.errors += level === 'ERROR' ? 1 : 0;
    return `${new Date(time).toISOString()} ${level} [worker-${random(4)}] ${message}\n`;
  });
  const folder = join(below, LOGS);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'app.log.1.gz'), gzipSync(texts.slice(0, ROTATED).join('')));
  writeFileSync(join(folder, 'app.log'), texts.slice(ROTATED).join(''));
  return counts;
}

function outage(random) {
  const trace = `  at connect (db.js:${random(90)}:7)\n  at query (db.js:12:3)`;
  return {
    level: 'ERROR',
    message: `no connection to db-${random(3)}: refused after ${random(5000)} ms\n${trace}`,
  };
}

function usual(random) {
  const messages = [
    ['INFO', `GET /photos/${random(9999)} 200 in ${random(300)} ms`],
    ['INFO', `GET /photos/${random(9999)} 200 in ${random(300)} ms`],
    ['INFO', `user u${random(500)} signed in from 10.0.${random(256)}.${random(256)}`],
    ['INFO', `thumbnail of IMG_${random(99999)}.jpg made in ${random(80)} ms`],
    ['DEBUG', `cache ${['hit', 'miss'][random(2)]} for photo:${random(9999)}`],
  ];
  if (random(200) === 0) return { level: 'WARN', message: `disk /srv is ${80 + random(15)}% full` };
  const [level, message] = messages[random(messages.length)];
  return { level, message };
}
