import type { Tape } from '@tandem/json';
import { isWholeSomewhere, stored, type Tree, tapeOf } from './convert-trees.ts';

/** The trees of the kill tests of convert, and the check that nothing of them is lost. */

type Format = 'json' | 'bin' | 'rkyv';

/**
 * Documents whose spelling matters: white space, escapes, numbers that doubles cannot hold, duplicate keys.
 */
const TEXTS: Readonly<Record<string, string>> = {
  a: '{\n  "sidecar_info": {"operation_type": "face_detection"},\n  "n": 1.0, "n": 12345678901234567890\n}\n',
  'deep/b': '{"yolov8":{"detections":[{"c":"\\u0041\\ud800"}],"tool":"t"}}',
  'deep/c': `{"face_detection":[${'0,'.repeat(2000)}1e999]}`,
};
/** Documents that exist in two forms or in another form, by stem. */
const OTHERS: Readonly<Record<string, string>> = { d: TEXTS['a'] as string, f: TEXTS['deep/b'] as string };

/**
 * One document of each kind, one that is its own target, one whose target exists, and one that is not a
 * sidecar.
 */
export function treeOfKinds(from: Format, to: Format): Tree {
  const tree = new Map(Object.entries(TEXTS).map(([stem, text]) => [`${stem}.${from}`, stored(text, from)]));
  if (to !== 'json') tree.set(`d.${to}`, stored(OTHERS['d'] as string, 'legacy'));
  for (const format of [from, to]) tree.set(`f.${format}`, stored(OTHERS['f'] as string, format));
  tree.set('deep/e.json', '{"name":"a package"}');
  return tree;
}

/** The stems of the documents of one tree that another tree has whole in no form. */
export function lostOf(before: Tree, now: Tree): string[] {
  const lost = new Set<string>();
  for (const [path, content] of before) {
    const [stem, extension] = path.split('.') as [string, Format];
    const text = TEXTS[stem] ?? OTHERS[stem] ?? content;
    if (!isWholeSomewhere(now, stem, tapeOf(content, extension) as Tape, text)) lost.add(stem);
  }
  return [...lost];
}

/** Tandem's own files in a tree. */
export function scratchOf(tree: Tree): string[] {
  return [...tree.keys()].filter((path) => path.includes('.tandem-'));
}
