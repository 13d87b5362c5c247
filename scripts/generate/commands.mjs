// The option tables of the command -> its man page, and the generated parts of docs/cli.md.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../lib/processes.mjs';

const DOCS = 'docs/cli.md';

/** Runs the sources themselves, so no stale build or bundle is used. */
export async function commandFiles() {
  const { manPage, markdownParts } = await loadReference();
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8'));
  return {
    'packages/cli/generated/tandem.1': await manPage(version),
    [DOCS]: withParts(readFileSync(join(ROOT, DOCS), 'utf8'), await markdownParts()),
  };
}

async function loadReference() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['packages/cli/src/reference/documents.ts'],
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@tandem/source'],
    // Imported only when a command runs.
    external: ['@tandem/native', '@tandem/schema', '@tandem/sidecar', 'piscina'],
    logLevel: 'error',
  });
  const file = join(ROOT, `node_modules/.cache/reference-${process.pid}.mjs`);
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
  writeFileSync(file, outputFiles[0].contents);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file);
  }
}

/** Puts each part between its markers: `<!-- generated: NAME -->` and `<!-- end: NAME -->`. */
export function withParts(text, parts) {
  return Object.entries(parts).reduce((whole, [name, part]) => {
    const [begin, end] = [`<!-- generated: ${name} -->\n`, `<!-- end: ${name} -->`];
    const from = whole.indexOf(begin);
    const to = whole.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${DOCS} lacks the markers ${begin.trim()} and ${end}`);
    return `${whole.slice(0, from)}${begin}\n${part}\n${whole.slice(to)}`;
  }, text);
}
