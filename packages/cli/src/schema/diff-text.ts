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
/** Lines of a body around one that differs. */
const AROUND = 1;

/** A diff as text: what was added and removed with its parts, the lines that changed in the rest, and the totals. */
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
  // By the object they belong to; each list is in that order already.
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

/** A definition of one line; for a longer one the name is enough. */
function body(definition: string): string[] {
  const text = definition.trimEnd();
  return text === '' || text.includes('\n') ? [] : [`${INDENT}${printable(text)}`];
}

/** With its own name only: the line above names the whole. */
function partLine({ kind, name, definition }: DiffPart, whole: string): string {
  const own = name.startsWith(`${whole}.`) ? name.slice(whole.length + 1) : name;
  const [text = ''] = body(definition);
  return `${INDENT}${printable(`${kind} ${own}`)}${text === '' ? '' : `: ${text.trimStart()}`}`;
}

/** Lines that differ, with one line of context. */
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

/** Each major version prints definitions in its own way. */
function versionNote(before: DiffSide, after: DiffSide): string[] {
  const major = ({ server }: DiffSide): string => /^PostgreSQL (\d+)/.exec(server ?? '')?.[1] ?? '';
  if (major(before) === major(after)) return [];
  return [
    printable(
      `note: ${sideText(before)} was read on ${before.server}, ${sideText(after)} on ${after.server}; the two versions print some definitions differently`,
    ),
  ];
}
