import pg from 'pg';
import type { QueryRunner } from './run-query.ts';
import { runOnClient } from './run-query.ts';

/** A connection on which statements don't wait for the results of earlier ones. */
export interface Pipeline extends QueryRunner {
  end(): Promise<void>;
}

/**
 * Opens a connection with its first statement, and again with the first statement after it was lost. Callers share it:
 * PostgreSQL runs their statements in order, each in a transaction of its own. The statements of one turn of the event
 * loop are sent together, because a message to another process costs as much as a short statement.
 */
export function openPipeline(config: pg.ClientConfig): Pipeline {
  let opening: Promise<pg.Client> | undefined;
  let open: pg.Client | undefined;
  let ended = false;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(config);
    // Without an error listener, a lost connection would end the process. Its statements fail by themselves.
    client.on('error', () => forget(client));
    client.once('end', () => forget(client));
    await client.connect();
    open = client;
    return client;
  }

  function connected(): Promise<pg.Client> {
    if (ended) throw new Error('calling end on the pool');
    opening ??= connect().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  function forget(client: pg.Client): void {
    if (open !== client) return;
    open = undefined;
    opening = undefined;
  }

  return {
    async query(query) {
      const client = open ?? (await connected());
      sendTogether(client);
      return runOnClient(client, query).catch((error) => {
        // PostgreSQL closes the connection after this error, but the next statement may come first.
        if (ENDS_CONNECTION.test(String(error?.code))) forget(client);
        throw error;
      });
    },
    async end() {
      ended = true;
      const client = await opening?.catch(() => undefined);
      await client?.end();
    },
  };
}

/** SQLSTATE of errors that end a connection: it failed (08), or an operator or a crash ended it (57P). */
const ENDS_CONNECTION = /^(08|57P)/;

/** Clients whose statements wait for the end of this turn of the event loop. */
const gathering = new WeakSet<pg.Client>();

function sendTogether(client: pg.Client): void {
  if (gathering.has(client)) return;
  const { stream } = (client as unknown as { readonly connection: pg.Connection }).connection;
  gathering.add(client);
  stream.cork();
  setImmediate(() => {
    gathering.delete(client);
    stream.uncork();
  });
}
