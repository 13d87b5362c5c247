import type { Planted } from './planted-project.ts';

/**
 * Contents that programs that join files tend to get wrong: each is complete SQL, so none is refused. NAME is
 * replaced so that no two files are the same.
 */
const CONTENTS: readonly string[] = [
  '-- NAME\n',
  'CREATE TABLE "NAME" (id int PRIMARY KEY);',
  '',
  '-- NAME\r\nCREATE VIEW v AS\r\nSELECT 1;\r\n',
  'SELECT 1; -- NAME\rSELECT 2;\r',
  '\ufeff-- byte order mark of NAME\nSELECT 1;',
  "\n\n  SELECT 'NAME';\t\n\n\n",
  '\r',
  "COMMENT ON TABLE t IS 'Größe \u{1f600} e\u0301 \u2028 \u0085 \ufeff NAME';\n",
  `SELECT '/*', "/*", $$ /* NAME -- */ $$; -- db/*.sql\n`,
  "COPY t FROM stdin;\n\\N\t/* ' NAME\n\\.\n",
  '/* a /* b NAME */ c */',
  'SELECT 1;\v\f\u001c\u001d\u001e-- NAME {file_path} {{x}} %s\n\r\n\r',
  "SELECT E'\\'NAME', U&'d\\0061t', $a$ ' $a$;\n\r",
  '# NAME {\n',
  ' \t',
];

/** The same tree with awkward content in every file. @param from index in the list to begin with */
export function withContents(tree: Planted, from: number): Planted {
  const contents = Object.fromEntries(
    tree.files.map((file, at) => {
      const content = CONTENTS[(from + at) % CONTENTS.length] as string;
      return [
        file,
        content.replace('NAME', () =>
          JSON.stringify(file)
            .slice(1, -1)
            .replace(/["'\\]/g, '_'),
        ),
      ];
    }),
  );
  return { ...tree, contents };
}
