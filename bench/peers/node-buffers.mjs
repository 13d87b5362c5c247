// A good Node script: the files as Buffers in their order, one concat, one write, one hash. It checks
// nothing.
// As a program: node-buffers.mjs DIR OUTPUT
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BAR = '='.repeat(42);

export function buildWithBuffers(dir, output) {
  const parts = [];
  gather(join(dir, 'db', 'schema'), '', parts);
  const body = Buffer.concat(parts);
  writeFileSync(output, body);
  return createHash('sha256').update(body).digest('hex');
}

function gather(folder, below, parts) {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      gather(path, `${below}${entry.name}/`, parts);
    } else if (entry.name.endsWith('.sql')) {
      const content = readFileSync(path);
      parts.push(Buffer.from(`\n/* ${BAR}\n * File: ${below}${entry.name}\n * ${BAR} */\n\n`), content);
      if (content.at(-1) !== 0x0a) {
        parts.push(Buffer.from('\n'));
      }
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(buildWithBuffers(process.argv[2], process.argv[3]));
}
