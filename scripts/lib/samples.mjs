// The code samples of README.md, CONTRIBUTING.md and docs/, for the tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './processes.mjs';

const SAMPLE =
  /(?:<!-- sample: not run, (?<reason>[^\n]*?) -->\n)?^```(?<language>sh|console|ts)\n(?<text>.*?)^```$/gms;

/**
 * @returns {{page: string, line: number, language: 'sh'|'console'|'ts', text: string, reason: string|null}[]}
 */
export function samples() {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const pages = ['README.md', 'CONTRIBUTING.md', ...docs.sort().map((name) => `docs/${name}`)];
  return pages.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    return [...text.matchAll(SAMPLE)].map(({ index, groups }) => ({
      page,
      line: text.slice(0, index).split('\n').length,
      language: groups.language,
      text: groups.text,
      reason: groups.reason ?? null,
    }));
  });
}

/**
 * The commands of a console sample, each with the output below it; a line `...` in the output stands for any
 * lines.
 */
export function commandsOf(text) {
  const parts = text.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const [command, ...output] = part.trimEnd().split('\n');
    return { command, output: output.join('\n') };
  });
}
