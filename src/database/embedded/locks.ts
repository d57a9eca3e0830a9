import pg from 'pg';
import { OperatorError } from '../../kernel/index.ts';

/**
 * Two session-level advisory locks in the database itself. They end with their connection, so a killed program never
 * leaves a lock behind.
 * - SERVER_LOCK is held exclusively by the server while it runs: a second server is rejected.
 * - USE_LOCK is shared by all users of the database, servers and commands. A user that leaves releases it and requests
 *   it exclusively. If it gets the lock, it was the last user, and keeps new ones out while the database stops. If not,
 *   the others keep using the database.
 */
const LOCK_SPACE = 0x5041;
const SERVER_LOCK = 1;
const USE_LOCK = 2;

export interface EmbeddedConnection {
  /** Folder of a Unix socket, or an address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The reason why a program can't use the embedded database now. */
export type JoinRejection = 'no connection' | 'another server' | 'stopping';

/**
 * Registers this program as a user of the embedded database. Returns the connection that holds the program's advisory
 * locks, or the reason why the program can't use the database now.
 */
export async function joinCluster(
  connection: EmbeddedConnection,
  serving: boolean,
): Promise<pg.Client | JoinRejection> {
  const client = await connect(connection);
  if (client === undefined) return 'no connection';
  const refusal = await takeLocks(client, serving).catch((): JoinRejection => 'no connection');
  if (refusal === undefined) return client;
  await disconnect(client);
  return refusal;
}

/**
 * Releases this program's advisory locks. Returns true if no other program uses the database. From then until the
 * connection is closed, no other program can start using it.
 */
export async function leaveCluster(client: pg.Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_all()');
  return takeLock(client, 'pg_try_advisory_lock', USE_LOCK);
}

export const disconnect = (client: pg.Client): Promise<void> => client.end().catch(() => {});

async function takeLocks(client: pg.Client, serving: boolean): Promise<JoinRejection | undefined> {
  if (serving && !(await takeLock(client, 'pg_try_advisory_lock', SERVER_LOCK))) return 'another server';
  return (await takeLock(client, 'pg_try_advisory_lock_shared', USE_LOCK)) ? undefined : 'stopping';
}

async function takeLock(client: pg.Client, how: string, lock: number): Promise<boolean> {
  const answer = await client.query<{ taken: boolean }>(`select ${how}($1, $2) as taken`, [LOCK_SPACE, lock]);
  return answer.rows[0]?.taken === true;
}

async function connect(connection: EmbeddedConnection): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    ...connection,
    application_name: 'patient-access locks',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  });
  // The `end` event reports a lost connection. Without an error listener, the `error` event would end the program.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (WRONG_PASSWORD.has((error as { code?: string }).code ?? '')) throw wrongPasswordError(error);
    return undefined;
  }
}

const WRONG_PASSWORD: ReadonlySet<string> = new Set(['28P01', '28000']);

const wrongPasswordError = (cause: unknown): OperatorError =>
  new OperatorError(
    'The database rejects the password in the file database-password of the data folder. ' +
      'Restore that file from the same backup as the database.',
    { cause },
  );
