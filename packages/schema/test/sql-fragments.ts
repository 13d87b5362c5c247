import fc from 'fast-check';

/**
 * Pieces of SQL that are difficult for a lexer; random sequences of them cut the text in every possible way.
 */
const QUOTES = ["'", "''", "E'", "e'", "b'", "X'", "N'", "U&'", 'u&"', '"', '""', "'a'", "E'\\''", "'\\'"];
const DOLLARS = ['$', '$$', '$a$', '$b$', '$é$', '$1', '$1$', 'a$', '$a', '_$$', 'é$$'];
const COMMENTS = ['--', '-', '/*', '*/', '/', '*', '/**/', '/*/', '**/', '-- x', '//*', '*/*', '+/*', '@-'];
const SPACES = [' ', '\n', '\r', '\r\n', '\t', '\v', '\f', ' \n '];
const NUMBERS = ['1', '0', '1.', '.5', '..', '1_0', '_', '1e', 'e+', '1e-', 'E', '0x1F', '1.5e5'];
const WORDS = [
  'a',
  'e',
  'é',
  'u',
  'SELECT',
  'from',
  'stdin',
  '\u00a0',
  '\ufeff',
  '😀',
  'u&',
  ',',
  '=',
  '\x01',
  '.',
];
const STATEMENTS = [';', ';', '(', ')', '();', '[', '\x7f', '::'];
const ROUTINES = [
  'CREATE ',
  'create or ',
  'replace ',
  'FUNCTION ',
  'procedure ',
  'BEGIN ',
  'case ',
  'END ',
  'or ',
];

/** Without anything that only psql understands. */
export const sqlText: fc.Arbitrary<string> = textOf([
  ...[QUOTES, DOLLARS, COMMENTS, SPACES, NUMBERS, WORDS, STATEMENTS],
]);

export const routineText: fc.Arbitrary<string> = textOf([
  ...[ROUTINES, ROUTINES, ROUTINES, STATEMENTS, SPACES, ['"x" ', "'begin'", 'f', '/* end */', '$$end;$$']],
]);

const HEADS = [
  ...[
    'CREATE ',
    'create or replace ',
    'temp ',
    'UNIQUE ',
    'CONSTRAINT ',
    'unlogged ',
    'Materialized ',
    'foreign ',
  ],
  ...[
    'TABLE ',
    'VIEW ',
    'SEQUENCE ',
    'INDEX ',
    'TYPE ',
    'DOMAIN ',
    'SCHEMA ',
    'EXTENSION ',
    'TRIGGER ',
    'POLICY ',
  ],
  ...[
    'RULE ',
    'FUNCTION ',
    'PROCEDURE ',
    'ROUTINE ',
    'CONCURRENTLY ',
    'IF NOT EXISTS ',
    'if exists ',
    'ONLY ',
  ],
  ...[
    'DROP ',
    'ALTER TABLE ',
    'RENAME TO ',
    'SET SCHEMA ',
    'CASCADE',
    'authorization ',
    'current_user',
    ' AS (',
  ],
  ...[
    ' AS ENUM ',
    ' on ',
    ' as on insert to ',
    'BEFORE INSERT ',
    ' default ',
    ' = ',
    'SET search_path TO ',
    'reset all',
  ],
  ...[
    "SELECT set_config('search_path', ",
    "'a, b'",
    '"$user"',
    'pg_catalog.',
    '\n\\if\n',
    '\n\\endif\n',
    '\\;',
  ],
];
const NAMES = [
  ...['a', 'B', 'Éa', '"a"', '"A""b"', '""', ':v', 'U&"x"', 'app.', '"S".', 'a.b.c', '.', 'a$b', '_x', '1'],
  ...['x'.repeat(62), 'é'.repeat(32), `"${'é'.repeat(33)}"`],
];

/** The first words of statements that create, drop and move objects. */
export const headText: fc.Arbitrary<string> = textOf([
  ...[HEADS, HEADS, HEADS, NAMES, NAMES, STATEMENTS, SPACES, ['(', ')', ', ', '/* c */', "'q'", "'q''r'"]],
]);

/** `@` is a gap, `%N` a name, `%P` a part of a name. */
const STATEMENT_FORMS = [
  ...[
    'CREATE@TABLE@%N@(a int)',
    'CREATE@TEMP@TABLE@IF@NOT@EXISTS@%P@(a int)',
    'CREATE@UNLOGGED@TABLE@%N@AS SELECT 1',
  ],
  ...['CREATE@VIEW@%N@AS SELECT 1', 'CREATE@OR@REPLACE@TEMPORARY@VIEW@%P@AS SELECT 1', 'CREATE@SEQUENCE@%N'],
  ...['CREATE@MATERIALIZED@VIEW@IF@NOT@EXISTS@%N@AS SELECT 1', 'CREATE@FOREIGN@TABLE@%N@(a int) SERVER s'],
  ...[
    'CREATE@UNIQUE@INDEX@CONCURRENTLY@%P@ON@ONLY@%N@(a)',
    'CREATE@INDEX@IF@NOT@EXISTS@%P@ON@%N@(a)',
    'CREATE@INDEX@ON@%N(a)',
  ],
  ...[
    'CREATE@TYPE@%N@AS@(a int)',
    "CREATE@TYPE@%N@AS@ENUM@('a')",
    'CREATE@TYPE@%N',
    'CREATE@DOMAIN@%N@AS int',
  ],
  ...['CREATE@SCHEMA@%P', 'CREATE@SCHEMA@AUTHORIZATION@%P', 'CREATE@EXTENSION@IF@NOT@EXISTS@%P'],
  ...[
    "CREATE@OR@REPLACE@FUNCTION@%N@(a@int@DEFAULT 1,@b@text)@RETURNS@int LANGUAGE sql AS ''",
    'CREATE@PROCEDURE@%N()@BEGIN ATOMIC END',
  ],
  ...[
    'CREATE@TRIGGER@%P@BEFORE INSERT OR UPDATE OF a, b@ON@%N@EXECUTE FUNCTION f()',
    'CREATE@POLICY@%P@ON@%N@USING (true)',
  ],
  ...[
    'CREATE@OR@REPLACE@RULE@%P@AS@ON@INSERT@TO@%N@DO NOTHING',
    'DROP@TABLE@IF@EXISTS@%N,@%N@RESTRICT',
    'DROP@VIEW@%N@CASCADE',
  ],
  ...[
    'DROP@FUNCTION@%N@(int,@text),@%N',
    'DROP@ROUTINE@%N',
    'DROP@TRIGGER@%P@ON@%N',
    'DROP@SCHEMA@%P,@%P',
    'DROP@TYPE@%N',
  ],
  ...[
    'ALTER@TABLE@%N@RENAME@TO@%P',
    'ALTER@TABLE@%N@RENAME@%P@TO@%P',
    'ALTER@TABLE@%N@SET@SCHEMA@%P',
    'ALTER@INDEX@%N@SET@(fillfactor = 70)',
  ],
  ...[
    'SET@search_path@TO@%P,@%P',
    "SET@LOCAL@search_path@=@'%P'",
    "SET@SCHEMA@'a'",
    'RESET@search_path',
    'DISCARD@ALL',
  ],
  ...[
    "SELECT@pg_catalog.set_config@(@'search_path',@'a, b',@false)",
    'SELECT@1',
    'INSERT@INTO@%N@VALUES (1)',
    'COMMENT@ON@TABLE@%N@IS NULL',
  ],
];
const GAPS = [' ', ' ', '\n', ' /* x */ ', ' -- y\n', '\t/* /* z */ */'];
const PARTS = [
  'a',
  'Bc',
  'Éa',
  '"a"',
  '"A""b"',
  'a$1',
  '_x',
  'x'.repeat(64),
  `"${'é'.repeat(33)}"`,
  '"a.b"',
  '"select"',
];

/** A statement that creates, drops or moves an object, and that the parser nearly always accepts. */
export const definingStatement: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...STATEMENT_FORMS),
    fc.infiniteStream(fc.constantFrom(...GAPS)),
    fc.infiniteStream(fc.constantFrom(...PARTS)),
    fc.infiniteStream(fc.nat(2)),
  )
  .map(([form, gaps, parts, numbers]) => {
    const next = <T>(stream: Iterator<T>): T => stream.next().value as T;
    const name = (): string => Array.from({ length: next(numbers) + 1 }, () => next(parts)).join('.');
    return `${form.replace(/@|%N|%P/g, (mark) => (mark === '@' ? next(gaps) : mark === '%N' ? name() : next(parts)))};`;
  });

const COMMANDS = [
  ...['\\', '\\\\', '\\;', '\\:', '\\i x', '\\g', '\\gset x', '\\set a ', '\\! ', '\\o |', '\\r', '`', '|'],
  ...[
    '\\copy t from stdin',
    '\\copy (from) to ',
    ':a',
    ":'a'",
    ':"a"',
    ':{?a}',
    '\\éééééééééééééééééééééééééééééééééééé',
  ],
];
const COPIES = [
  ...[
    'COPY t FROM STDIN;\n',
    'copy t (a) from stdin with (format csv)',
    'COPY',
    'FROM STDIN',
    '\n\\.\n',
    '\\.',
    '\n',
  ],
  ...['COPY t FROM STDIN;', 'copy "T" from stdout;\n1\n\\.\n', '\r\\.\r\n', '\n\\.x\n', 'x.from '],
];

/** With psql commands and COPY data. */
export const psqlText: fc.Arbitrary<string> = textOf([
  ...[
    COMMANDS,
    COMMANDS,
    COPIES,
    COPIES,
    QUOTES,
    DOLLARS,
    COMMENTS,
    SPACES,
    WORDS,
    STATEMENTS,
    STATEMENTS,
    ROUTINES,
  ],
]);

function textOf(kinds: readonly (readonly string[])[]): fc.Arbitrary<string> {
  const piece = fc.oneof(...kinds.map((pieces) => fc.constantFrom(...pieces)));
  return fc.array(piece, { maxLength: 24, size: 'max' }).map((pieces) => pieces.join(''));
}
