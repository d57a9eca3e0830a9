/**
 * Gives the error of a lost connection SQLSTATE 08006 (connection failure), if it has no code that says so. Then throws
 * this error, or any other error unchanged, with a stack trace that leads to the caller.
 */
export function rethrowWithCode(error: unknown): never {
  if (error instanceof Error) Error.captureStackTrace(error);
  if (error instanceof Error && isLostConnection(error)) throw Object.assign(error, { code: '08006' });
  throw error;
}

function isLostConnection({ message, code, syscall, severity }: DatabaseError): boolean {
  if (code === undefined) return LOST_CONNECTION.test(message);
  if (code === INTERNAL_ERROR) return LOST_WORKER.test(message);
  // There is no Unix socket while PostgreSQL doesn't run. PgBouncer reports all its errors as protocol violations, for
  // example that it can't reach PostgreSQL; those that end the connection are fatal.
  return (code === 'ENOENT' && syscall === 'connect') || (code === PROTOCOL_VIOLATION && severity === 'FATAL');
}

type DatabaseError = Error & Readonly<Partial<Record<'code' | 'syscall' | 'severity', string>>>;

/** SQLSTATE protocol_violation. */
const PROTOCOL_VIOLATION = '08P01';

/** SQLSTATE internal_error. */
const INTERNAL_ERROR = 'XX000';

/**
 * Messages of Citus for a lost connection to a worker. It passes on those of libpq without a code that says so. The
 * connection to the coordinator, which reports them, still works.
 */
const LOST_WORKER =
  /^(SSL (SYSCALL )?error|SSL connection has been closed|invalid socket|connection to server|server closed the connection|could not (receive data from|send data to) server|no connection to the server|connection not open|failure on connection marked as essential|failed to prepare transaction)/i;

/**
 * Messages of the driver for lost connections, such as one whose host doesn't respond in time. `calling end` occurs
 * while the server stops, in a request whose client has disconnected.
 */
const LOST_CONNECTION =
  /connection terminated|connection error|query read timeout|timeout e(xceeded when trying to connect|xpired)|not queryable|calling end on the pool/i;
