/**
 * psql commands that change nothing in a database: they print, or control how psql prints. The manual,
 * "psql", meta-commands. `\g` ends a statement, which the splitter has already done. `\restrict` is the first
 * command in the output of newer versions of pg_dump.
 */
const IDLE = new Set(
  `a C conninfo copyright echo encoding errverbose f g H h help html p pset print qecho restrict set t T timing
  unrestrict unset warn x`.split(/\s+/),
);
/** Commands that list objects: \d, \dt+, \df, \l, \z, \sf ... */
const LISTS = /^(d[A-Za-z]*|l|list|z|sf|sv)\+?$/;

/**
 * Whether a psql command can be skipped in a run without psql.
 * @param command with its backslash and its arguments
 */
export function isIdle(command: string): boolean {
  const [, word = '', rest = ''] = /^\\(\S*)\s*([\s\S]*)$/.exec(command) ?? [];
  if (word === 'encoding') return rest === '' || /^'?utf-?8'?$/i.test(rest.trim());
  // \g with a file or a program writes the result of the statement to it.
  if (word === 'g') return rest.trim() === '';
  return IDLE.has(word) || LISTS.test(word);
}

/** The backslash and the word, as named in messages. */
export function commandName(command: string): string {
  return /^\\\S*/.exec(command)?.[0] ?? command;
}
