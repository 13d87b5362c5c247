/** One thing that the doctor checked. */
export interface Check {
  readonly name: string;
  /** With a problem no run works; a note is only worth knowing. */
  readonly state: 'ok' | 'note' | 'problem';
  /** One line. */
  readonly text: string;
  /** Causes, one per line. */
  readonly details?: readonly string[];
  readonly cure?: string;
}

/** A check that found a problem. */
export function problem(name: string, text: string, cure?: string): Check {
  return { name, state: 'problem', text, ...(cure === undefined ? {} : { cure }) };
}
