/**
 * Statements whose effect is kept by the whole server: roles, databases, tablespaces, settings, subscriptions; and rights on these.
 * Found where a statement begins, also within the body of a function or DO and in a string that is executed.
 */
const BEGINNING = String.raw`(?:^|;|'|\$\w*\$|\b(?:begin|then|else|loop)\b)\s*`;
const KEPT = [
  String.raw`(?:create|alter|drop)\s+(?:role|user(?!\s+mapping\b)|group|database|tablespace|subscription)\b`,
  String.raw`alter\s+system\b`,
  String.raw`(?:drop|reassign)\s+owned\b`,
  String.raw`comment\s+on\s+(?:role|database|tablespace|subscription)\b`,
  String.raw`(?:grant|revoke)\b[^;]*?\bon\s+(?:database|tablespace|parameter)\b`,
  // Membership in a role: the one GRANT without ON.
  String.raw`grant\s+(?:(?!\bon\b)[^;])*?\bto\b`,
  String.raw`revoke\s+(?:(?!\bon\b)[^;])*?\bfrom\b`,
];
const STATEMENT = new RegExp(`${BEGINNING}(${KEPT.join('|')})`, 'i');

/** A statement that a server which is not ours must not be given. */
export interface WholeServerStatement {
  /** Its first words, as they are written. */
  readonly what: string;
  /** Where it begins, in characters of JavaScript. */
  readonly at: number;
}

/** The first statement of that kind within one statement of a schema, or null. */
export function findWholeServer(sql: string): WholeServerStatement | null {
  const match = STATEMENT.exec(withoutComments(sql));
  if (match === null) return null;
  const [all, found = ''] = match;
  const words = found.split(/\s+/).slice(0, 2).join(' ').toUpperCase();
  return { what: words, at: match.index + all.length - found.length };
}

/** Spaces in their place, so that all else stays where it is. */
function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
}
