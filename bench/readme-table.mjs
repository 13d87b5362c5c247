// The short table of README.md: at most 12 figures that users notice, including the bad ones.
import { contestantOf } from './goals.mjs';
import { markdown, microseconds, seconds } from './table.mjs';

/**
 * Each row: its text, work and label in the results, and the names of the contestants in the last three
 * columns.
 */
const ROWS = [
  row('validate 50,000 sidecars', 'validate', '50,000 files, folders of 500', [
    'Python, one by one',
    'Node, 16 at once',
  ]),
  row('stats of 50,000 sidecars', 'stats', '50,000 files, folders of 500', [
    'Python, one by one',
    'Node, 16 at once',
  ]),
  row('validate 500,000 sidecars in one folder', 'validate', '500,000 files, one folder', ['floor']),
  row(
    'peak memory of that work in folders of 500, with `--ndjson`',
    'validate --ndjson, memory',
    '500,000 files, folders of 500',
  ),
  row('convert 50,000 sidecars, durable', 'convert, durable', '50,000 files, folders of 500', [
    'floor, synced',
  ]),
  row('validate 10 sidecars', 'validate, few files', '10 files, one folder'),
  row('validate 1,000 sidecars', 'validate, few files', '1,000 files, folders of 500'),
  row('schema build, 10,000 files of 2 kB', 'schema build, whole process', '10,000 files of 2 kB', [
    'Node with Buffers',
    'confiture',
  ]),
  row('schema build, 100 files of 2 kB, in process', 'schema build, in process', '100 files of 2 kB', [
    'Node with Buffers',
  ]),
  row(
    'schema watch, from a change in 10,000 files to the new output',
    'schema watch, from a change to the renamed output',
    '10,000 files of 2 kB',
  ),
  {
    ...row(
      'one field of a document of 2 kB, `.rkyv`',
      'one field, in process',
      '2002 bytes of JSON, 5168 of rkyv',
      ['JSON.parse, one field'],
    ),
    typescript: 'rkyv, one field',
  },
  {
    ...row(
      'the whole of that document, `.rkyv`',
      'one field, in process',
      '2002 bytes of JSON, 5168 of rkyv',
      ['JSON.parse, all'],
    ),
    typescript: 'rkyv, all',
  },
];

function row(title, work, label, others = []) {
  return { title, work, label, native: 'native', typescript: 'typescript', others };
}

export function readmeSection({ works }) {
  const rows = ROWS.flatMap(({ title, work, label, native, typescript, others }) => {
    const measured = works.find((one) => one.work === work && one.label === label);
    if (measured === undefined) {
      return [];
    }
    const beside = others.map((name) => figure(measured, name, `${name} `)).filter((cell) => cell !== '');
    return [[title, figure(measured, native), figure(measured, typescript), beside.join('; ')]];
  });
  const goals = works.flatMap((work) => work.goals);
  const missed = goals.filter(({ reached }) => reached === false).length;
  return [
    ...markdown(['work', 'native', 'TypeScript', 'for comparison'], rows),
    '',
    `${missed} of the ${goals.length} targets that the project set itself are missed; docs/benchmarks.md lists each of them.`,
  ].join('\n');
}

function figure(work, name, before = '') {
  const one = contestantOf(work, name);
  if (one === undefined) {
    return '';
  }
  if (work.work.endsWith('memory')) {
    return `${before}${(one.memory.median / 1e6).toFixed(0)} MB`;
  }
  return `${before}${one.wall === undefined ? small(one.microseconds.median) : seconds(one.wall.median)}`;
}

function small(median) {
  return median < 1000 ? microseconds(median) : seconds(median / 1000);
}
