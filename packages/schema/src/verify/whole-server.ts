/**
 * Statements that affect the whole server: roles, databases, tablespaces, settings, subscriptions; and
 * privileges on these. They are found at the beginning of a statement, including in the body of a function or
 * DO and in a string that is executed.
 */
const BEGINNING = String.raw`(?:^|;|'|\$\w*\$|\b(?:begin|then|else|loop)\b)\s*`;
const KEPT = [
  String.raw`(?:create|alter|drop)\s+(?:role|user(?!\s+mapping\b)|group|database|tablespace|subscription)\b`,
  String.raw`alter\s+system\b`,
  String.raw`(?:drop|reassign)\s+owned\b`,
  String.raw`comment\s+on\s+(?:role|database|tablespace|subscription)\b`,
  String.raw`(?:grant|revoke)\b[^;]*?\bon\s+(?:database|tablespace|parameter)\b`,
  // Role membership: the only GRANT without ON.
  String.raw`grant\s+(?:(?!\bon\b)[^;])*?\bto\b`,
  String.raw`revoke\s+(?:(?!\bon\b)[^;])*?\bfrom\b`,
];
const STATEMENT = new RegExp(`${BEGINNING}(${KEPT.join('|')})`, 'i');

/** A statement that must not be sent to a server that Tandem did not start. */
export interface WholeServerStatement {
  /** Its first words, in upper case. */
  readonly what: string;
  /** Where it begins, in UTF-16 code units. */
  readonly at: number;
}

/** The first such statement within one statement of a schema, or null. */
export function findWholeServer(sql: string): WholeServerStatement | null {
  const match = STATEMENT.exec(withoutComments(sql));
  if (match === null) return null;
  const [all, found = ''] = match;
  const words = found.split(/\s+/).slice(0, 2).join(' ').toUpperCase();
  return { what: words, at: match.index + all.length - found.length };
}

/** Replaces comments with spaces, so that everything else keeps its offset. */
function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
}
