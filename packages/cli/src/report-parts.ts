/** A piece of a JSON report: a batch of its rows, or what stands after them. */
export type ReportPart<Row> =
  | {
      readonly kind: 'rows';
      /** Whether a row has this text; a million rows are looked through in the time that ten thousand are parsed. */
      has(text: string): boolean;
      rows(): Row[];
    }
  | { readonly kind: 'closing'; readonly closing: Closing };

/** The keys that follow the rows of a JSON report. */
export type Closing = Readonly<Record<string, unknown>>;

const OPENING = 1;
const SEPARATOR = ',\n'.length;

/**
 * Takes a JSON report apart as it comes, so that one of any length can be told to a person. A Report gives its opening,
 * each batch of rows, the separators between them and its closing as pieces of their own.
 */
export async function* reportParts<Row>(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ReportPart<Row>, void, undefined> {
  let number = 0;
  let held: Uint8Array | null = null;
  for await (const chunk of chunks) {
    // The last piece is the closing, and which one that is shows when no other follows.
    if (held !== null) yield rowsPart(held);
    number += 1;
    held = number === OPENING || chunk.length === SEPARATOR ? null : chunk;
  }
  if (held !== null) yield { kind: 'closing', closing: closingOf(held) };
}

/** The closing of a report, by its last piece. */
export function closingOf(last: Uint8Array): Closing {
  const text = bufferOf(last).toString('utf8');
  return JSON.parse(`{${text.slice(text.indexOf('"'))}`) as Closing;
}

function rowsPart<Row>(chunk: Uint8Array): ReportPart<Row> {
  const bytes = bufferOf(chunk);
  return {
    kind: 'rows',
    has: (text) => bytes.includes(text),
    rows: () => JSON.parse(`[${bytes.toString('utf8')}]`) as Row[],
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
