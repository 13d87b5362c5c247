import { OPERATIONS } from '../generated/detection.ts';
import type { Summary } from '../inspect.ts';

/** The sums over the valid documents of one operation. */
class OperationSum {
  count = 0;
  timed = 0;
  /** Added in the order of the rows, so that both engines produce the same last digit. */
  seconds = 0;
  judged = 0;
  succeeded = 0;
  bytes = 0;
}

/** The sums of a batch by operation: spec/sidecar/reports.md, "stats". */
export class OperationSums {
  #sums: OperationSum[] = OPERATIONS.map(() => new OperationSum());

  /** @param size bytes of the file */
  add(summary: Summary, size: number): void {
    const sum = this.#sums[summary.operation];
    if (sum === undefined) return;
    sum.count += 1;
    sum.bytes += size;
    if (summary.processingTime !== null) {
      sum.timed += 1;
      sum.seconds += Number(summary.processingTime);
    }
    if (summary.success !== null) {
      sum.judged += 1;
      if (summary.success) sum.succeeded += 1;
    }
  }

  /** The operations that occur, in the order of spec/sidecar/detection.json; resets the sums. */
  takeJson(): string {
    const parts: string[] = [];
    for (const [index, sum] of this.#sums.entries()) {
      if (sum.count === 0) continue;
      parts.push(`"${OPERATIONS[index]?.name}":${JSON.stringify(sum)}`);
    }
    this.#sums = OPERATIONS.map(() => new OperationSum());
    return `{${parts.join(',')}}`;
  }
}
