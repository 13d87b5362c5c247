// Writes the figures into README.md and docs/benchmarks.md, between the two markers in each.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/lib/processes.mjs';
import { benchmarksSection } from './benchmarks-page.mjs';
import { readmeSection } from './readme-table.mjs';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** @returns {string} what was done, for the terminal */
export function writeDocs(results) {
  return [
    replaceSection('README.md', readmeSection(results)),
    replaceSection(join('docs', 'benchmarks.md'), benchmarksSection(results)),
  ].join('\n');
}

function replaceSection(page, section) {
  const path = join(ROOT, page);
  const text = readFileSync(path, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) {
    return `${page} has no ${BEGIN} and ${END}: nothing was written.`;
  }
  writeFileSync(path, `${text.slice(0, from)}${BEGIN}\n${section}\n${text.slice(to)}`);
  return `The figures in ${page} were written.`;
}
