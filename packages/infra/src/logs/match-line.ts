import { RE2JS } from 're2js';

/** Whether a line, with one character for each byte, has a match. */
export type LineMatcher = (line: string) => boolean;

/**
 * Compiles a translated pattern (log-pattern.ts). Takes time that is linear in the line, whatever the pattern: V8's
 * own expressions may take exponential time. Throws what RE2JS throws.
 */
export function lineMatcher(pattern: string): LineMatcher {
  const compiled = RE2JS.compile(pattern);
  return (line) => compiled.matcher(line).find();
}
