import { pipeline } from 'node:stream/promises';
import type { Client, ClientConfig } from 'pg';
import { SqlFailure, serverMessageOf } from './sql-failure.ts';

/** One session on a server. */
export class ServerClient {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Throws the error of pg if no session can be opened. */
  static async connect(config: ClientConfig): Promise<ServerClient> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ application_name: 'tandem', keepAlive: true, ...config });
    // A broken connection is reported by the query that it interrupts, or by the next one.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return new ServerClient(client);
  }

  /** Runs one statement with the simple protocol, as psql does. */
  async apply(sql: string): Promise<void> {
    await told(this.#client.query(sql));
  }

  async copyIn(sql: string, data: Uint8Array): Promise<void> {
    const { from } = await import('pg-copy-streams');
    await told(pipeline([data], this.#client.query(from(sql))));
  }

  async texts(sql: string): Promise<string[]> {
    const { rows } = await told(this.#client.query<[string]>({ text: sql, rowMode: 'array' }));
    return rows.map(([text]) => text);
  }

  /** Ends the session, at once if a statement is running: that statement then throws. */
  async end(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

/** The result of a query; a rejection by PostgreSQL is thrown as a SqlFailure. */
async function told<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    const server = serverMessageOf(error);
    throw server === null ? error : new SqlFailure(server);
  }
}
