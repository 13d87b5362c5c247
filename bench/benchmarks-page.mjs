// docs/benchmarks.md, generated from the results: the page contains what the bench printed.
import { contestantOf } from './goals.mjs';
import { goalRows, markdown, ratio, seconds } from './table.mjs';
import { whatPays } from './what-pays.mjs';

/** The works with a row in the first table. */
const IN_TABLE = /^(validate|stats|convert, .*|validate --ndjson, memory|schema build, whole process)$/;
const COLUMNS = [
  ['floor', ['floor', 'floor, synced']],
  ['Tandem, native', ['native']],
  ['Tandem, TypeScript', ['typescript']],
  ['Python, one by one', ['Python, one by one']],
  ['Node, 16 at once', ['Node, 16 at once']],
];

export function benchmarksSection({ measured, machine, works }) {
  const shown = works.filter(({ work, contestants }) => IN_TABLE.test(work) && contestants.length > 0);
  return [
    conditions(measured, machine, shown),
    '',
    ...timesTable(shown),
    '',
    ...goalsTable(works),
    '',
    ...whatPays(works).map((sentence) => `- ${sentence}`),
  ].join('\n');
}

function conditions(measured, { cpu, cores, memory_gb, kernel, file_system, node, rustc, python }, works) {
  const rounds = Math.min(...works.map((work) => work.rounds));
  const versions = [`Node ${node}`, rustc && `rustc ${rustc}`, python && `Python ${python}`].filter(Boolean);
  return [
    `Measured on ${measured.slice(0, 10)} by \`npm run bench\`: ${cores} cores (${cpu}), ${memory_gb} GB, ${kernel}, ${file_system},`,
    `${versions.join(', ')}. JSON sidecars of 2 kB beside as many images, in the page cache; whole processes, start`,
    `included; medians of ${rounds} rounds in turns. In brackets: times the floor, a Rust program that only walks, opens,`,
    'reads and closes on two threads (for convert: reads, writes, renames and unlinks; for schema: find, sort, cat and',
    'sha256sum; nothing is synced there).',
  ].join('\n');
}

function timesTable(works) {
  const rest = works.flatMap(({ contestants }) => contestants.map(({ name }) => name));
  const known = COLUMNS.flatMap(([, names]) => names);
  const peers = [...new Set(rest)].filter((name) => !known.includes(name)).map((name) => [name, [name]]);
  const columns = [...COLUMNS, ...peers];
  const rows = works.map((work) => [
    `${work.work}: ${work.label}`,
    ...columns.map(([, names]) => timeCell(work, names)),
  ]);
  return markdown(['work', ...columns.map(([title]) => title)], rows);
}

function timeCell(work, names) {
  const one = names.map((name) => contestantOf(work, name)).find((found) => found !== undefined);
  if (one === undefined) {
    return '';
  }
  if (work.work.endsWith('memory')) {
    return `${(one.memory.median / 1e6).toFixed(0)} MB`;
  }
  const time = seconds(one.wall.median);
  return one.name === work.base || one.ratio === null ? time : `${time} (${ratio(one.ratio)})`;
}

function goalsTable(works) {
  return markdown(['target', 'on', 'measured', 'at most', ''], goalRows(works));
}
