import { type ErrorCode, type ErrorParams, errorHint, errorMessage } from '@tandem/engine';
import type { Finding } from '@tandem/job';
import type { DatabaseKind } from '../database/scratch-database.ts';
import type { ServerMessage } from '../database/sql-failure.ts';
import type { SourceMap } from '../source-map/source-map.ts';
import type { Stopped } from './apply-schema.ts';
import { commandName } from './psql-command.ts';
import { byteOfCharacter, placeOfByte } from './statement-place.ts';

/** A finding from applying a schema. */
export interface VerifyFinding extends Finding {
  /** PostgreSQL's message, if PostgreSQL reported the error. */
  readonly server?: ServerMessage;
}

/**
 * What stopped a schema, with its source position: the one that PostgreSQL reports, otherwise the beginning
 * of the statement.
 */
export function tellStopped(
  stopped: Stopped,
  schema: Buffer,
  map: SourceMap,
  database: DatabaseKind,
): VerifyFinding {
  const { start, end, why } = stopped;
  const statement = schema.toString('utf8', start, end);
  switch (why.kind) {
    case 'psql': {
      const params = { command: commandName(statement) };
      return finding('ERR_TANDEM_SQL_PSQL_ONLY', params, schema, map, start);
    }
    case 'whole-server': {
      const { what, at } = why.found;
      const offset = start + Buffer.byteLength(statement.slice(0, at));
      return finding('ERR_TANDEM_SQL_WHOLE_SERVER', { what }, schema, map, offset);
    }
    case 'refused': {
      const { server } = why.failure;
      const at = server.position === null ? start : start + byteOfCharacter(statement, server.position);
      const params = { message: wordsOf(server), hint: server.hint ?? '' };
      const told = finding('ERR_TANDEM_SQL_FAILED', params, schema, map, at, start);
      const hint = hintFor(server, database);
      return { ...told, ...(hint === null ? {} : { hint }), server };
    }
  }
}

function finding(
  code: ErrorCode,
  params: ErrorParams,
  schema: Buffer,
  map: SourceMap,
  offset: number,
  otherwise: number = offset,
): VerifyFinding {
  const place = placeOfByte(schema, map, offset) ?? placeOfByte(schema, map, otherwise);
  return {
    severity: 'error',
    code,
    path: place?.path ?? '',
    offset: null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    message: errorMessage(code, params),
    hint: errorHint(code, params) ?? null,
  };
}

/** `relation "a" does not exist (42P01)`, with the details that PostgreSQL adds. */
function wordsOf({ message, sqlstate, detail, context }: ServerMessage): string {
  const more = [detail, context?.split('\n')[0]].filter((text) => text !== null && text !== undefined);
  return [`${message} (${sqlstate})`, ...more].join('; ');
}

/** PGlite has fewer extensions than a server, and PostgreSQL's own hint does not help in that case. */
function hintFor({ sqlstate, message }: ServerMessage, database: DatabaseKind): string | null {
  const isMissing = sqlstate === '0A000' && message.startsWith('extension ');
  return isMissing && database === 'pglite'
    ? 'PGlite does not include it: use a PostgreSQL server (the option database)'
    : null;
}
