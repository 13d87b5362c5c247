import { OPERATIONS } from '../generated/detection.ts';
import type { Summary } from '../inspect.ts';
import type { Reading } from '../scan/document-reader.ts';

/**
 * Counts verdicts, so that items = valid + invalid + unreadable, and omits valid documents of operations that
 * were not requested. Invalid ones are included, because their operation is unknown.
 */
export class VerdictTally {
  valid = 0;
  invalid = 0;
  unreadable = 0;
  otherOperation = 0;
  readonly #wanted: number;

  /** @param operation snake_case, or '' for all */
  constructor(operation: string) {
    this.#wanted = operation === '' ? -1 : OPERATIONS.findIndex(({ name }) => name === operation);
  }

  get items(): number {
    return this.valid + this.invalid + this.unreadable;
  }

  /** Counts a file; false if it has no row. */
  add(reading: Reading): boolean {
    if (reading.summary !== null) {
      if (this.isOther(reading.summary)) return false;
      this.valid += 1;
    } else if (reading.isUnreadable) this.unreadable += 1;
    else this.invalid += 1;
    return true;
  }

  /** Whether a document belongs to an operation that was not requested; if so, counts it. */
  isOther(summary: Summary): boolean {
    if (this.#wanted < 0 || summary.operation === this.#wanted) return false;
    this.otherOperation += 1;
    return true;
  }

  /** The counts as the inside of a JSON object. */
  json(): string {
    return `"valid":${this.valid},"invalid":${this.invalid},"unreadable":${this.unreadable}`;
  }

  clear(): void {
    this.valid = 0;
    this.invalid = 0;
    this.unreadable = 0;
    this.otherOperation = 0;
  }
}

/** The name of an operation in rows. */
export function operationName(summary: Summary): string {
  return OPERATIONS[summary.operation]?.name ?? 'unknown';
}
