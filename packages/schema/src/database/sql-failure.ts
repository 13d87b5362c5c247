/**
 * PostgreSQL's report of a statement that failed:
 * https://www.postgresql.org/docs/18/protocol-error-fields.html
 */
export interface ServerMessage {
  /** ERROR, FATAL or PANIC. */
  readonly severity: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  /** In characters from 1, within the statement; null if the server reports no position in it. */
  readonly position: number | null;
  /** The calls that led to the error, innermost first. */
  readonly context: string | null;
}

/**
 * PostgreSQL rejected a statement. Any other error that a database throws is a failure of the database, not
 * of the SQL.
 */
export class SqlFailure extends Error {
  override readonly name = 'SqlFailure';
  readonly server: ServerMessage;

  constructor(server: ServerMessage) {
    super(server.message);
    this.server = server;
  }
}

/**
 * The message in an error of a client library, or null if the server did not send it. Both client libraries
 * use the same field names.
 */
export function serverMessageOf(error: unknown): ServerMessage | null {
  if (!(error instanceof Error)) return null;
  const fields = error as Error & Readonly<Record<string, unknown>>;
  const { severity, code } = fields as { severity?: unknown; code?: unknown };
  if (typeof severity !== 'string' || typeof code !== 'string') return null;
  const text = (name: string): string | null => (typeof fields[name] === 'string' ? fields[name] : null);
  const position = Number(text('position'));
  return {
    severity,
    sqlstate: code,
    message: error.message,
    detail: text('detail'),
    hint: text('hint'),
    position: Number.isInteger(position) && position > 0 ? position : null,
    context: text('where'),
  };
}
