#!/usr/bin/env node
// Makes spec/sidecar/case-folding.json from Unicode's CaseFolding.txt. Run by hand when the pinned version
// changes: that changes which names are equal, so it is a change of the spec, not of the code.
import { readFileSync, writeFileSync } from 'node:fs';

const TARGET = new URL('../spec/sidecar/case-folding.json', import.meta.url);

const source = process.argv[2];
if (source === undefined) {
  console.error('usage: node scripts/make-case-folding.mjs path/to/CaseFolding.txt');
  process.exit(2);
}
const text = readFileSync(source, 'utf8');
writeFileSync(TARGET, render(text.match(/CaseFolding-([\d.]+)\.txt/)[1], toRanges(simplePairs(text))));

/**
 * Status C and S only: simple folding maps one code point to one, so the length of a key in code points never
 * changes.
 */
function simplePairs(text) {
  const pairs = [];
  for (const [, from, , to] of text.matchAll(/^([0-9A-F]+); ([CS]); ([0-9A-F]+);/gm)) {
    pairs.push([Number.parseInt(from, 16), Number.parseInt(to, 16)]);
  }
  return pairs.sort((a, b) => a[0] - b[0]);
}

/**
 * Neighbors at one distance and with one delta form a range; ranges never overlap, so they can be searched by
 * bisection.
 */
function toRanges(pairs) {
  const ranges = [];
  for (const [from, to] of pairs) {
    const last = ranges.at(-1);
    const distance = last === undefined ? 0 : from - last.end;
    const fits = last !== undefined && last.delta === to - from && distance <= 2;
    if (fits && (last.start === last.end || last.step === distance)) {
      last.end = from;
      last.step = distance;
    } else {
      ranges.push({ start: from, end: from, step: 1, delta: to - from });
    }
  }
  return ranges;
}

function render(version, ranges) {
  const about = [
    `Simple case folding (status C and S of CaseFolding.txt, Unicode ${version}), for comparison keys in both engines.`,
    'Each range is [first, last, step, delta]: first, first + step, ... last fold to themselves plus delta; the rest folds to itself.',
    'Made by scripts/make-case-folding.mjs. Data (c) 1991-2022 Unicode, Inc., under the Unicode License: https://www.unicode.org/license.txt',
  ].join(' ');
  const lines = ranges.map((range) => `    [${range.start}, ${range.end}, ${range.step}, ${range.delta}]`);
  return `{\n  "about": ${JSON.stringify(about)},\n  "unicode": "${version}",\n  "ranges": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
