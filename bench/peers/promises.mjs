// What most people write in Node: readdir, then 16 readFile and JSON.parse at once.
// promises.mjs validate|stats DIR
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const AT_ONCE = 16;
const IMAGES = new Set(['.jpg', '.jpeg', '.png', '.heic', '.cr2', '.dng']);

const [work, dir] = process.argv.slice(2);
const entries = await readdir(dir, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile());
const sidecars = files.filter((entry) => extname(entry.name) === '.json');
const operations = {};
let valid = 0;
let next = 0;

await Promise.all(Array.from({ length: AT_ONCE }, readSome));
const total = sidecars.length;
const report =
  work === 'stats'
    ? { total_images: countImages(), operation_counts: operations, total_sidecars: total }
    : { total_files: total, valid_files: valid, invalid_files: total - valid };
console.log(JSON.stringify(report));

async function readSome() {
  while (next < sidecars.length) {
    const { parentPath, name } = sidecars[next++];
    try {
      const document = JSON.parse(await readFile(join(parentPath, name), 'utf8'));
      const operation = document.sidecar_info?.operation_type ?? 'unknown';
      operations[operation] = (operations[operation] ?? 0) + 1;
      valid++;
    } catch {
      // It counts as invalid.
    }
  }
}

function countImages() {
  return files.filter(({ name }) => IMAGES.has(extname(name).toLowerCase())).length;
}
