import fc from 'fast-check';
import type { Planted } from './planted-project.ts';

/** Few words, joined in many ways, so that names collide, tie and nest. */
const WORDS = [
  'a',
  'b',
  'A',
  'é',
  '\u{ff5e}',
  '\u{1f600}',
  'seed',
  'temp',
  '1',
  '01',
  '0a',
  '10',
  '9',
  'ff',
  '-',
  ' ',
  '!',
  '_',
];
/** The first ones have most files, and nearly every configuration names one of them. */
const FOLDERS = [
  'db/schema',
  'db/schema',
  'db/schema',
  'db/schema/a',
  'db/schema',
  'db/schema/a',
  'db/schema/10_b',
  'db/schema/0a_',
  'db/seeds',
  'other',
];
const GLOBS = [
  '**/*.sql',
  '*.sql',
  'a*',
  '**',
  '*/**',
  '*_*.sql',
  '/*.sql',
  'a/',
  '**/a/**',
  '10_b/*',
  '[0-9]*.sql',
  '[!a]*',
  '?.sql',
  '**/[a-b1]*/**/*.sql',
];

const TEMPLATES = [
  '-- {file_path}',
  '{{{file_path}}}',
  '/* {file_path}\n{file_path} */ {{}}',
  'no field',
  '\r\né',
];

/** Texts that need not be SQL: the check of comments is off. */
const content = fc
  .array(
    fc.constantFrom(
      ...[
        'SELECT 1;',
        'é',
        '\u{1f600}',
        "'",
        '/*',
        '*/',
        '--',
        '$$',
        '"',
        ';',
        'COPY t FROM stdin;\n',
        '\\.\n',
      ],
      ...[
        '\n',
        '\n',
        '\n',
        '\r',
        '\r\n',
        '\n\r',
        ' ',
        '\t',
        '\v',
        '\f',
        'x\ufeff',
        '\u2028',
        '\u0085',
        '\u001c',
        '{',
        '%s',
        '\\n',
      ],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const name = fc
  .array(fc.constantFrom(...WORDS, '_', '_', ...'ab'), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(''));
const file = fc
  .tuple(
    fc.constantFrom(...FOLDERS),
    fc.array(name, { maxLength: 3 }),
    name,
    fc.constantFrom('.sql', '.sql', '.sql', '.sql', '.SQL', ''),
  )
  .map(([folder, between, last, ending]) => [folder, ...between, last + ending].join('/'));
const globs = fc.array(fc.constantFrom(...GLOBS), { minLength: 1, maxLength: 3 });
const choices = fc.oneof({ weight: 2, arbitrary: fc.constant(['**/*.sql']) }, globs);
const entry = fc.oneof(
  fc.constantFrom(...FOLDERS),
  fc.record(
    {
      path: fc.constantFrom(...FOLDERS),
      recursive: fc.boolean(),
      include: choices,
      exclude: fc.oneof(fc.constant([]), globs),
      order: fc.integer({ min: -1, max: 1 }),
    },
    { requiredKeys: ['path'] },
  ),
);
const folders = fc.array(fc.oneof(fc.constantFrom('db/schema/a', 'db/seeds', 'db/schema/10_b'), file), {
  maxLength: 2,
});
const config = fc.record({
  include_dirs: fc.array(entry, { minLength: 1, maxLength: 3 }),
  exclude_dirs: folders,
  superuser_dirs: folders,
  superuser_post_dirs: folders,
  build: fc.record({
    sort_mode: fc.constantFrom('alphabetical', 'hex'),
    separators: fc.oneof(
      fc.record({ style: fc.constantFrom('block_comment', 'line_comment', 'mysql') }),
      fc.record({ style: fc.constant('custom'), custom_template: fc.constantFrom(...TEMPLATES) }),
    ),
    validate_comments: fc.constant({ enabled: false }),
  }),
});

/**
 * Projects with folders, files and links to files; the values of the configuration are JSON, which is also
 * YAML.
 */
export const randomTree: fc.Arbitrary<Planted> = fc
  .tuple(
    fc.array(file, { minLength: 8, maxLength: 25, size: 'max' }),
    fc.array(fc.tuple(file, fc.nat()), { maxLength: 3 }),
    fc.array(content, { minLength: 25, maxLength: 25 }),
    config,
  )
  .map(([all, linked, texts, settings]) => {
    const files = withoutClashes(all);
    const links = withoutClashes([...files, ...linked.map(([path]) => path)]).slice(files.length);
    const targets = links.map((_, at) => files[(linked[at]?.[1] ?? 0) % files.length] as string);
    return {
      files: [...FOLDERS.map((folder) => `${folder}/`), ...files],
      contents: Object.fromEntries(files.map((path, at) => [path, texts[at] as string])),
      links: Object.fromEntries(links.map((link, at) => [link, up(link) + targets[at]])),
      // If one name of a file is excluded, confiture loses the other one: see confiture-differences.test.ts.
      config: Object.entries(links.length > 0 ? { ...settings, exclude_dirs: [] } : settings)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
        .join(''),
    };
  });

/** The paths that can be files beside those before them: none is the folder of another. */
function withoutClashes(paths: readonly string[]): string[] {
  const kept: string[] = [];
  for (const path of paths) {
    if (FOLDERS.some((folder) => folder === path || folder.startsWith(`${path}/`))) continue;
    if (kept.some((other) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`)))
      continue;
    kept.push(path);
  }
  return kept;
}

function up(path: string): string {
  return '../'.repeat(path.split('/').length - 1);
}
