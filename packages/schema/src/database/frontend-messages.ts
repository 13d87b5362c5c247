// https://www.postgresql.org/docs/18/protocol-message-formats.html

const QUERY = 0x51;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
/** The length of a message has 32 bits, and the server holds a whole message in memory. */
const COPY_BYTES = 1024 * 1024;

/** A simple query. */
export function queryMessage(sql: string): Buffer {
  return message(QUERY, Buffer.from(`${sql}\0`));
}

/** A COPY ... FROM STDIN with all of its data. */
export function copyMessages(sql: string, data: Uint8Array): Buffer {
  const messages = [queryMessage(sql)];
  for (let at = 0; at < data.length; at += COPY_BYTES) {
    messages.push(message(COPY_DATA, data.subarray(at, at + COPY_BYTES)));
  }
  return Buffer.concat([...messages, message(COPY_DONE, new Uint8Array(0))]);
}

function message(type: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(5 + body.length);
  bytes[0] = type;
  // The length includes itself.
  bytes.writeUInt32BE(4 + body.length, 1);
  bytes.set(body, 5);
  return bytes;
}
