/**
 * Commands of psql that change nothing in a database: they print, or say how psql prints. The manual, "psql", meta-commands.
 * `\g` ends a statement, which the splitter has done. `\restrict` is what newer pg_dumps begin with.
 */
const IDLE = new Set(
  `a C conninfo copyright echo encoding errverbose f g H h help html p pset print qecho restrict set t T timing
  unrestrict unset warn x`.split(/\s+/),
);
/** They list what there is: \d, \dt+, \df, \l, \z, \sf ... */
const LISTS = /^(d[A-Za-z]*|l|list|z|sf|sv)\+?$/;

/**
 * Whether what psql would do there can be left out of a run without psql.
 * @param command with its backslash and its arguments
 */
export function isIdle(command: string): boolean {
  const [, word = '', rest = ''] = /^\\(\S*)\s*([\s\S]*)$/.exec(command) ?? [];
  if (word === 'encoding') return rest === '' || /^'?utf-?8'?$/i.test(rest.trim());
  // \g with a file or program writes what the statement gives to it.
  if (word === 'g') return rest.trim() === '';
  return IDLE.has(word) || LISTS.test(word);
}

/** Backslash and word, as messages name it. */
export function commandName(command: string): string {
  return /^\\\S*/.exec(command)?.[0] ?? command;
}
