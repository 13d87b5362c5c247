import type { Fault } from '@tandem/files';
import { jsonString } from '../inspect.ts';

/** A string or null, as JSON. */
export function textOrNull(text: string | null): string {
  return text === null ? 'null' : jsonString(text);
}

/** The keys of an error from `error_code` to `hint`: spec/sidecar/reports.md, "Common tail of an error". */
export function faultTail(fault: Fault): string {
  const { code, offset, line, column, hint } = fault;
  return `"error_code":"${code}","error_offset":${offset},"error_line":${line},"error_column":${column},"hint":${hint === '' ? 'null' : jsonString(hint)}`;
}

/** The same where nothing is wrong. */
export const NO_FAULT =
  '"error_code":null,"error_offset":null,"error_line":null,"error_column":null,"hint":null' as const;
