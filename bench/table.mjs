// The results as text for a terminal.

const COLUMNS = [
  ['', (one) => one.name],
  [
    'time',
    (one) => (one.wall === undefined ? microseconds(one.microseconds.median) : seconds(one.wall.median)),
  ],
  ['from-to', (one) => (one.wall === undefined ? '' : `${seconds(one.wall.min)} - ${seconds(one.wall.max)}`)],
  ['cpu', (one) => (one.cpu === undefined ? '' : seconds(one.cpu.median))],
  ['memory', (one) => (one.memory === undefined ? '' : `${(one.memory.median / 1e6).toFixed(0)} MB`)],
  ['ratio', (one) => ratio(one.ratio)],
];

/** One work: its title, a line for each contestant, and how quiet the machine was. */
export function workText(work) {
  const lines = [`${work.work}: ${work.label}${work.base ? ` (ratio to ${work.base})` : ''}`];
  const cells = [
    COLUMNS.map(([title]) => title),
    ...work.contestants.map((one) => COLUMNS.map(([, cell]) => cell(one))),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  for (const row of cells) {
    const padded = row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
    lines.push(`  ${padded.join('  ')}`.trimEnd());
  }
  lines.push(...noiseText(work));
  return `${lines.join('\n')}\n`;
}

/** How quiet the machine was, where that is known. */
function noiseText({ contestants, repeated }) {
  const shares = contestants
    .filter(({ others }) => others)
    .map(({ others, wall }) => others.median / wall.median);
  if (shares.length === 0) {
    return [];
  }
  const most = (Math.max(...shares) * 100).toFixed(0);
  return [
    `  beside it the machine was busy for up to ${most} % of a core; ${repeated} disturbed runs were made again`,
  ];
}

/** Every target: what was measured, and whether it was reached or by how much it was missed. */
export function goalText(works) {
  const cells = [['target', 'on', 'measured', 'at most', ''], ...goalRows(works)];
  const widths = cells[0].map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  const lines = cells.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** A row for each target: work, corpus, measured, target, verdict. */
export function goalRows(works) {
  return works.flatMap((work) =>
    work.goals.map((one) => [`${work.work}, ${one.what}`, work.label, ...verdict(one)]),
  );
}

function verdict({ value, target, unit, reached }) {
  const wanted = `${shown(target)} ${unit}`;
  if (value === null) {
    return ['-', wanted, 'not measured'];
  }
  const missed = `missed by ${((value / target - 1) * 100).toFixed(0)} %`;
  return [shown(value), wanted, reached ? 'reached' : missed];
}

function shown(value) {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

export function ratio(spread) {
  return spread ? `${shown(spread.median)} x` : '';
}

export function seconds(milliseconds) {
  if (milliseconds < 1000) {
    return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
  }
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

export function microseconds(value) {
  return `${value.toFixed(2)} us`;
}

export function markdown(titles, rows) {
  return [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}
