#!/usr/bin/env node
// Docs and comments name files of this repository: each file must exist. spec/README.md names every file of
// spec/.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { capture, ROOT } from './lib/processes.mjs';

const ROOTED =
  /\b(?:spec|docs|packages|crates|bench|conformance|scripts)\/[\w./-]+\.(?:ts|rs|mjs|md|json|py)\b/g;
const MARKDOWN = /(?<![\w/.-])[\w-]+\.md\b/g;
const LINK = /\]\((?!\w+:)([^)#\s]+)/g;
const COMMENT = /^\s*(?:\/\/|\/?\*)|\s\/\/\s/;

const { stdout } = await capture('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
const files = stdout.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
const names = new Set(files.map((path) => basename(path)));
const problems = [...files.flatMap(deadReferences), ...unnamedSpecs()];
for (const problem of problems) {
  console.error(problem);
}
process.exitCode = problems.length > 0 ? 1 : 0;

function deadReferences(path) {
  const markdown = path.endsWith('.md');
  if (path.includes('/generated/') || !(markdown || /\.(?:ts|rs|mjs|cjs)$/.test(path))) {
    return [];
  }
  return linesOf(path).flatMap((line, index) => {
    if (!markdown && !COMMENT.test(line)) {
      return [];
    }
    const links = markdown ? [...line.matchAll(LINK)].map(([, link]) => link) : [];
    const dead = [
      ...links.filter((link) => !existsSync(join(ROOT, dirname(path), link))),
      ...(line.match(ROOTED) ?? []).filter((name) => !existsSync(join(ROOT, name))),
      ...(line.match(MARKDOWN) ?? []).filter((name) => !names.has(name)),
    ];
    return dead.map((name) => `${path}:${index + 1} names ${name}, which does not exist`);
  });
}

function unnamedSpecs() {
  const text = linesOf('spec/README.md').join('\n');
  return files
    .filter((path) => path.startsWith('spec/') && path !== 'spec/README.md')
    .map((path) => path.slice('spec/'.length))
    .filter((name) => !text.includes(`\`${name}\``))
    .map((name) => `spec/README.md does not name ${name}`);
}

function linesOf(path) {
  return readFileSync(join(ROOT, path), 'utf8').split('\n');
}
