import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Extension, PGlite } from '@electric-sql/pglite';
import { copyMessages, queryMessage } from './database/frontend-messages.ts';
import type { PgliteReply, PgliteRequest, PgliteSetup } from './database/pglite-messages.ts';
import { serverMessageOf } from './database/sql-failure.ts';

// PGlite in a thread of its own: while it runs a statement, its thread does nothing else and could not
// receive an abort.

const { main, contrib } = workerData as PgliteSetup;
const load = createRequire(main);
const opened = open();
opened.then(
  () => reply({ texts: [] }),
  (error: unknown) => reply({ broken: String(error) }),
);
parentPort?.on('message', (request: PgliteRequest) => {
  answer(request).then(reply, (error: unknown) => {
    const server = serverMessageOf(error);
    reply(server === null ? { broken: String(error) } : { server });
  });
});

async function open(): Promise<PGlite> {
  const library = load(main) as { PGlite: typeof PGlite };
  const extensions = contrib.map((name): [string, Extension] => {
    const module = load(`@electric-sql/pglite/contrib/${name}`) as Readonly<Record<string, Extension>>;
    return [name, module[name] as Extension];
  });
  return library.PGlite.create({ extensions: Object.fromEntries(extensions) });
}

async function answer({ kind, sql, data }: PgliteRequest): Promise<PgliteReply> {
  const database = await opened;
  if (kind === 'texts') {
    const { rows } = await database.query<[string]>(sql, [], { rowMode: 'array' });
    return { texts: rows.map(([text]) => text) };
  }
  // The whole COPY in one call: PGlite blocks within the call until it has the missing data.
  const message = data === undefined ? queryMessage(sql) : copyMessages(sql, data);
  await database.execProtocol(message, { throwOnError: true, syncToFs: false });
  return { texts: [] };
}

function reply(message: PgliteReply): void {
  parentPort?.postMessage(message);
}
