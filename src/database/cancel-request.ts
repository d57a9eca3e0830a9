import pg from 'pg';

/** Methods of the driver's connection that its type definitions omit. */
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

/** Milliseconds after which a cancel request without an answer is given up. */
const CANCEL_TIMEOUT = 5000;

/**
 * Sends a cancel request on a separate connection, as the PostgreSQL protocol requires. The server closes the
 * connection without a response after it has signaled the backend.
 * @returns whether the request is known to have been processed
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function sendCancel(client: pg.ClientBase): Promise<boolean> {
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
