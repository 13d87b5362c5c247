/** One thing that the doctor looked at. */
export interface Check {
  readonly name: string;
  /** A problem keeps a run from working; a note does not. */
  readonly state: 'ok' | 'note' | 'problem';
  /** One line. */
  readonly text: string;
  /** What lies behind it, a line each. */
  readonly details?: readonly string[];
  readonly cure?: string;
}

/** A check whose cause is told as well. */
export function problem(name: string, text: string, cure?: string): Check {
  return { name, state: 'problem', text, ...(cure === undefined ? {} : { cure }) };
}
