import type { ErrorCode, ErrorParams } from '@tandem/engine';

/** Where findings are told, in the order of the bytes. */
export type TellFinding = (code: ErrorCode, offset: number, params?: ErrorParams) => void;

/** Looks for what is not right in SQL as PostgreSQL and psql cut it into tokens: spec/schema/lexer.md. The text is UTF-8 and has no NUL. */
export function checkSql(_text: Uint8Array, _tell: TellFinding): void {}
