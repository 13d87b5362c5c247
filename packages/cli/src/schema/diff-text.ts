import type { DiffPart, DiffReport, DiffSide, ObjectSource } from '@tandem/schema';
import { styled } from '../terminal/color.ts';
import { count } from '../terminal/numbers.ts';
import { printable } from '../terminal/streams.ts';
import { compareLines } from './line-difference.ts';

const INDENT = '    ';
const STYLES: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  '+': 'green',
  '-': 'red',
  '~': 'yellow',
};
/** The number of unchanged lines shown before and after a changed line. */
const AROUND = 1;

/**
 * A diff as text: the removed objects, the added objects with their parts, the changed lines of the changed
 * objects, and the totals.
 */
export function diffText({ before, after, added, removed, changed }: DiffReport): string {
  const entries = [
    ...removed.map((object) => ({ object, lines: [heading('-', object)] })),
    ...added.map((object) => ({
      object,
      lines: [
        heading('+', object),
        ...body(object.definition),
        ...object.parts.map((part) => partLine(part, object.name)),
      ],
    })),
    ...changed.map((object) => ({
      object,
      lines: [heading('~', object), ...differing(object.before, object.after)],
    })),
  ];
  const placed = entries.map((entry, at) => ({ ...entry, at }));
  // Sorted by the object that each entry belongs to. Each list is already in that order.
  const key = ({ object }: (typeof placed)[number]): string => object.of ?? object.name;
  placed.sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : one.at - other.at));
  const totals =
    entries.length === 0
      ? 'No difference'
      : `${count(added.length)} added, ${count(removed.length)} removed, ${count(changed.length)} changed`;
  const lines = [
    ...placed.flatMap((entry) => entry.lines),
    ...versionNote(before, after),
    `${totals}: ${sideText(before)} -> ${sideText(after)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The name of a side. */
export function sideText({ name }: DiffSide): string {
  return name === '.' ? 'the working tree' : printable(name);
}

/** `+ table app.users  db/schema/users.sql:3` */
function heading(
  mark: string,
  {
    kind,
    name,
    source,
  }: { readonly kind: string; readonly name: string; readonly source: ObjectSource | null },
): string {
  const place = source === null ? '' : `  ${source.path}:${source.line}`;
  return marked(mark, printable(`${mark} ${kind} ${name}${place}`));
}

function marked(mark: string, line: string): string {
  const style = STYLES[mark];
  return style === undefined ? line : styled(1, style, line);
}

/** A one-line definition. For a longer definition, the name is enough. */
function body(definition: string): string[] {
  const text = definition.trimEnd();
  return text === '' || text.includes('\n') ? [] : [`${INDENT}${printable(text)}`];
}

/** A part, without the name of its object: the line above shows that name. */
function partLine({ kind, name, definition }: DiffPart, whole: string): string {
  const own = name.startsWith(`${whole}.`) ? name.slice(whole.length + 1) : name;
  const [text = ''] = body(definition);
  return `${INDENT}${printable(`${kind} ${own}`)}${text === '' ? '' : `: ${text.trimStart()}`}`;
}

/** The lines that differ, with one line of context. */
function differing(before: string, after: string): string[] {
  const lines = compareLines(before.trimEnd(), after.trimEnd());
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ mark }) => mark !== ' '),
  );
  return lines.flatMap(({ mark, text }, at) => {
    if (isNear[at]) return [marked(mark, `${INDENT}${mark} ${printable(text)}`.trimEnd())];
    return isNear[at - 1] && isNear.includes(true, at) ? [`${INDENT}...`] : [];
  });
}

/** A note if the major versions differ: each major version prints some definitions differently. */
function versionNote(before: DiffSide, after: DiffSide): string[] {
  const major = ({ server }: DiffSide): string => /^PostgreSQL (\d+)/.exec(server ?? '')?.[1] ?? '';
  if (major(before) === major(after)) return [];
  return [
    printable(
      `note: ${sideText(before)} was read on ${before.server}, ${sideText(after)} on ${after.server}; the two versions print some definitions differently`,
    ),
  ];
}
