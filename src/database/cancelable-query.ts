import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Time limit of a statement, and the signal of the caller who waits for it. */
export interface QueryLimits {
  /** Milliseconds; defaults to the general statement timeout. */
  readonly milliseconds?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs one statement on a pooled connection, and cancels it when its time is up or the signal aborts.
 * PostgreSQL cancels whatever the connection runs when the cancel request arrives. So the connection returns to the
 * pool only after every cancel request is known to have been processed, and no statement of another caller can be hit.
 * PgBouncer does the same with its server connections.
 */
export async function queryWithLimits(
  pool: pg.Pool,
  config: pg.QueryConfig,
  { milliseconds, signal }: QueryLimits,
): Promise<pg.QueryResult> {
  signal.throwIfAborted();
  const client = await pool.connect();
  // Without a listener, a connection that is cut here would end the process. The running query fails by itself.
  client.on('error', ignore);
  let cancelled: Promise<boolean> | undefined;
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  const cancel = (): void => {
    cancelled ??= cancelUntilSettled(settled, client);
  };
  const timer = milliseconds === undefined ? undefined : setTimeout(cancel, milliseconds);
  signal.addEventListener('abort', cancel);
  try {
    signal.throwIfAborted();
    return await client.query(config);
  } catch (error) {
    // A statement that was canceled because its caller is gone is reported as the abort, not as a database error.
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

/**
 * Milliseconds after which a statement that still runs is canceled again, because the first request may have arrived
 * before the statement.
 */
const CANCEL_RETRY_AFTER = 250;

/**
 * Sends cancel requests until the statement has settled.
 * @returns whether all requests are known to have been processed
 */
async function cancelUntilSettled(settled: Promise<void>, client: pg.PoolClient): Promise<boolean> {
  let isOver = false;
  let isKnown = true;
  void settled.then(() => {
    isOver = true;
  });
  do {
    isKnown = (await sendCancel(client)) && isKnown;
    if (!isOver) await Promise.race([settled, pause(CANCEL_RETRY_AFTER)]);
  } while (!isOver);
  return isKnown;
}

/** Members that the driver's types omit. */
interface CancelConnection extends pg.Connection {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}
interface ConnectedClient {
  readonly host: string;
  readonly port: number;
  readonly ssl: Exclude<pg.ConnectionConfig['ssl'], undefined>;
  readonly sslNegotiation?: string;
  readonly processID: number;
  readonly secretKey: number;
}

/** Milliseconds. */
const CANCEL_TIMEOUT = 5000;

/**
 * Sends a cancel request on a separate connection, as the protocol requires. The server closes the connection once the
 * signal is sent, without a response.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
function sendCancel(client: pg.PoolClient): Promise<boolean> {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as ConnectedClient;
  const connection = new pg.Connection({ ssl, sslNegotiation } as pg.ConnectionConfig) as CancelConnection;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let isSent = false;
  const send = (): void => {
    connection.cancel(processID, secretKey);
    isSent = true;
  };
  const timer = setTimeout(() => {
    resolve(false);
    connection.stream.destroy();
  }, CANCEL_TIMEOUT);
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
