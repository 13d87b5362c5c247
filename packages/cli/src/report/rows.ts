import type { Report } from '@tandem/sidecar';

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/**
 * Yields the batches of rows until the run stops. The error that stopped the run is reported with the exit
 * status, after the text about the completed work.
 */
export async function* untilStopped<Totals extends object>(
  report: Pick<Report<Totals>, 'rowBatches' | 'stoppedBy'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* report.rowBatches();
  } catch (error) {
    if (error !== report.stoppedBy) throw error;
  }
}

/** The rows of a batch of the layout json. */
export function rowsOf<Row>(batch: Uint8Array): Row[] {
  return JSON.parse(`[${buffer(batch).toString('utf8')}]`) as Row[];
}

/**
 * The rows of a batch of the layout json that contain `mark`, such as `"is_valid":false`: searching a million
 * rows takes as long as parsing ten thousand. In a string the quotes of a mark would be escaped.
 */
export function* markedRows<Row>(batch: Uint8Array, mark: string): Generator<Row, void, undefined> {
  const bytes = buffer(batch);
  for (let at = bytes.indexOf(mark); at >= 0; ) {
    const next = bytes.indexOf(LINE_FEED, at);
    const lineEnd = next < 0 ? bytes.length : next;
    const end = bytes[lineEnd - 1] === COMMA ? lineEnd - 1 : lineEnd;
    yield JSON.parse(bytes.toString('utf8', bytes.lastIndexOf(LINE_FEED, at) + 1, end)) as Row;
    at = bytes.indexOf(mark, lineEnd);
  }
}

function buffer(batch: Uint8Array): Buffer {
  return Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
}
