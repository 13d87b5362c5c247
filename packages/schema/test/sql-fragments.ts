import fc from 'fast-check';

/** Pieces of SQL that a lexer trips over; joined at random they make text that is cut in every way there is. */
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

/** Without what only psql knows. */
export const sqlText: fc.Arbitrary<string> = textOf([
  ...[QUOTES, DOLLARS, COMMENTS, SPACES, NUMBERS, WORDS, STATEMENTS],
]);

export const routineText: fc.Arbitrary<string> = textOf([
  ...[ROUTINES, ROUTINES, ROUTINES, STATEMENTS, SPACES, ['"x" ', "'begin'", 'f', '/* end */', '$$end;$$']],
]);

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

/** With commands of psql, and the data of COPY. */
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
