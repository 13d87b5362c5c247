/** The result of one check of the doctor command. */
export interface Check {
  readonly name: string;
  /** With a problem, no run works. A note is only information. */
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
