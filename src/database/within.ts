import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** How long a statement may take, and whether anyone still waits for it. */
export interface Bounds {
  /** Milliseconds; default: as long as any statement. */
  readonly milliseconds?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs one statement on a connection of the pool, and cancels it when its time is over or the signal aborts. PostgreSQL
 * cancels what a connection runs when the request arrives, whatever that is by then. So the connection goes back to the
 * pool only once every cancel request that was sent for it is known to have been dealt with, and no request of another
 * can be on it meanwhile. PgBouncer does the same with the connections behind it.
 */
export async function queryWithin(
  pool: pg.Pool,
  config: pg.QueryConfig,
  { milliseconds, signal }: Bounds,
): Promise<pg.QueryResult> {
  signal.throwIfAborted();
  const client = await pool.connect();
  // Without a listener a connection that is cut here would end the process; the query under way fails by itself.
  client.on('error', ignore);
  let cancelled: Promise<boolean> | undefined;
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  const cancel = (): void => {
    cancelled ??= cancelUntil(settled, client);
  };
  const timer = milliseconds === undefined ? undefined : setTimeout(cancel, milliseconds);
  signal.addEventListener('abort', cancel);
  try {
    signal.throwIfAborted();
    return await client.query(config);
  } catch (error) {
    // A statement that was cancelled for its caller's sake is no error of the database.
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    settle();
    const isFree = (await cancelled) ?? true;
    client.off('error', ignore);
    client.release(!isFree);
  }
}

const ignore = (): void => {};

/** Milliseconds after which a statement that still runs is cancelled again: the first request may have overtaken it. */
const AGAIN_AFTER = 250;

/** @returns whether each request is known to have been dealt with */
async function cancelUntil(settled: Promise<void>, client: pg.PoolClient): Promise<boolean> {
  let isOver = false;
  let isKnown = true;
  void settled.then(() => {
    isOver = true;
  });
  do {
    isKnown = (await sendCancel(client)) && isKnown;
    if (!isOver) await Promise.race([settled, pause(AGAIN_AFTER)]);
  } while (!isOver);
  return isKnown;
}

/** What the driver's types leave out. */
interface Cancelling extends pg.Connection {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}
interface Connected {
  readonly host: string;
  readonly port: number;
  readonly ssl: Exclude<pg.ConnectionConfig['ssl'], undefined>;
  readonly sslNegotiation?: string;
  readonly processID: number;
  readonly secretKey: number;
}

/** Milliseconds. */
const CANCEL_WITHIN = 5000;

/**
 * On a connection of its own, as the protocol wants it: the server closes it once the signal is sent, and says nothing.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
function sendCancel(client: pg.PoolClient): Promise<boolean> {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as Connected;
  const connection = new pg.Connection({ ssl, sslNegotiation } as pg.ConnectionConfig) as Cancelling;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let isSent = false;
  const send = (): void => {
    connection.cancel(processID, secretKey);
    isSent = true;
  };
  const timer = setTimeout(() => {
    resolve(false);
    connection.stream.destroy();
  }, CANCEL_WITHIN);
  connection.on('connect', () => {
    if (!ssl) send();
    else if (sslNegotiation !== 'direct') connection.requestSsl();
  });
  connection.on('sslconnect', send);
  connection.on('error', () => resolve(false));
  connection.on('end', () => {
    clearTimeout(timer);
    resolve(isSent);
  });
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
  return promise;
}
