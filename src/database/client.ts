import pg from 'pg';
import { splitDatabaseUrl } from '../config/index.ts';

export interface DatabaseConnection {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** A connection without the `options` of its URL, and these. */
export interface SeparateOptions {
  readonly connection: DatabaseConnection;
  readonly options: string;
}

/**
 * Takes the parameter `options` out of a URL. The driver would use it instead of the options that the program gives, so
 * the time zone and the time limit of statements would be missing.
 */
export function separateOptions(connection: DatabaseConnection): SeparateOptions {
  const [base = '', query] = connection.connectionString?.split(/\?(.*)/s) ?? [];
  const parameters = new URLSearchParams(query);
  const options = parameters.get('options');
  if (options === null) return { connection, options: '' };
  parameters.delete('options');
  return { connection: { ...connection, connectionString: `${base}?${parameters}` }, options };
}

type ClientOptions = Omit<pg.ClientConfig, 'connectionString' | 'host' | 'port'>;

/** Creates a client that isn't connected yet. With several hosts, it connects to one that accepts writes. */
export function createClient(connection: DatabaseConnection, options: ClientOptions = {}): pg.Client {
  const Client = clientClass(connection);
  return new Client({ ...connection, ...options });
}

/** Hosts that a connection may use, as `target_session_attrs` of libpq. A primary may be set to read-only. */
type SessionTarget = 'any' | 'read-write' | 'primary' | 'standby';

/**
 * Returns the class of a connection's clients. It is the driver's own class if the URL has a single host and no
 * `target_session_attrs`, which the driver ignores. All clients of a returned class share what they know about the
 * hosts.
 * @param ofSeveral host to use if the URL has several and no `target_session_attrs`
 */
export function clientClass(
  { connectionString }: DatabaseConnection,
  ofSeveral: SessionTarget = 'read-write',
): typeof pg.Client {
  if (connectionString === undefined) return pg.Client;
  const urls = splitDatabaseUrl(connectionString);
  const given = new URL(urls[0] ?? '').searchParams.get('target_session_attrs') as SessionTarget | null;
  if (urls.length === 1 && (given ?? 'any') === 'any') return pg.Client;
  return hostChoosingClass(urls, given ?? ofSeveral);
}

/** Milliseconds within which a host must accept a connection while a suitable host is looked for. */
const PROBE_TIMEOUT = 3000;

function hostChoosingClass(urls: readonly string[], target: SessionTarget): typeof pg.Client {
  /** Index of the host to which the latest connection succeeded; undefined if a host has to be looked for. */
  let known: number | undefined;
  let search: Promise<number> | undefined;

  /** Connects to a host and checks it. @throws if it can't be reached or isn't what `target` asks for */
  async function probe(index: number, config: pg.ClientConfig): Promise<number> {
    const client = new pg.Client({
      ...config,
      connectionString: urls[index] ?? '',
      connectionTimeoutMillis: PROBE_TIMEOUT,
    });
    const status = watchSessionStatus(client);
    client.on('error', ignore);
    try {
      await client.connect();
      await requireTarget(client, status, target);
      return index;
    } finally {
      void client.end().catch(ignore);
    }
  }

  /** Asks all hosts at the same time, so that a host that doesn't answer delays nothing. */
  function findHost(config: pg.ClientConfig): Promise<number> {
    search ??= Promise.any(urls.map((_, index) => probe(index, config)))
      .catch((error: AggregateError) => {
        // The connection error of a host says more than that another one is a standby.
        throw error.errors.find(({ code }) => code !== READ_ONLY && code !== NOT_STANDBY) ?? error.errors[0];
      })
      .finally(() => {
        search = undefined;
      });
    return search;
  }

  return class HostChoosingClient extends pg.Client {
    readonly #config: pg.ClientConfig;
    readonly #status: SessionStatus;

    constructor(config: pg.ClientConfig = {}) {
      super({ ...config, connectionString: urls[0] ?? '' });
      this.#config = config;
      this.#status = watchSessionStatus(this);
      // The pool listens only after it has got the connection. Without a listener, an error before that would end the
      // process.
      this.on('error', ignore);
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
      const connected = this.#connectToHost();
      if (callback === undefined) return connected;
      // The driver's pool calls back without an error when the connection is open.
      connected.then(() => callback(undefined as unknown as Error), callback);
      return undefined;
    }

    async #connectToHost(): Promise<pg.Client> {
      known ??= await findHost(this.#config);
      const used = known;
      const { host, port } = new pg.Client({ connectionString: urls[used] ?? '' });
      // The driver reads the address when it connects, and looks for a missing password by the second one.
      Object.assign(this, { host, port });
      Object.assign((this as unknown as { readonly connectionParameters: object }).connectionParameters, {
        host,
        port,
      });
      try {
        await super.connect();
        await requireTarget(this, this.#status, target);
        return this;
      } catch (error) {
        if (known === used) known = undefined;
        void this.end().catch(ignore);
        throw error;
      }
    }
  };
}

/** Parameters that PostgreSQL 14 and newer reports when a session begins, and whenever they change. */
type SessionStatus = Map<string, string>;

/** Collects the reported parameters of a client that isn't connected yet. */
function watchSessionStatus(client: pg.Client): SessionStatus {
  const status: SessionStatus = new Map();
  const { connection } = client as unknown as { readonly connection: pg.Connection };
  connection.on('parameterStatus', ({ parameterName, parameterValue }) => status.set(parameterName, parameterValue));
  return status;
}

/** SQLSTATE read_only_sql_transaction: the error of a write on a host that doesn't accept writes, or no longer. */
export const READ_ONLY = '25006';
/** Code of the error if no host is a standby. PostgreSQL has none for it. */
export const NOT_STANDBY = 'NOT_STANDBY';

/** Throws unless the host is what `target` asks for. Asks the host only if it doesn't report its state by itself. */
async function requireTarget(client: pg.Client, status: SessionStatus, target: SessionTarget): Promise<void> {
  if (target === 'any') return;
  if (!status.has('in_hot_standby')) {
    const { rows } = await client.query(
      "select pg_is_in_recovery() as standby, current_setting('default_transaction_read_only') as read_only",
    );
    status.set('in_hot_standby', rows[0]?.standby === true ? 'on' : 'off');
    status.set('default_transaction_read_only', String(rows[0]?.read_only));
  }
  const isStandby = status.get('in_hot_standby') === 'on';
  if (target === 'standby') {
    if (isStandby) return;
    const message = `no host is a standby: ${client.host}:${client.port} is a primary`;
    throw Object.assign(new Error(message), { code: NOT_STANDBY });
  }
  if (isStandby || (target === 'read-write' && status.get('default_transaction_read_only') === 'on')) {
    const message = `no host accepts writes: ${client.host}:${client.port} is ${isStandby ? 'a standby' : 'read-only'}`;
    throw Object.assign(new Error(message), { code: READ_ONLY });
  }
}

const ignore = (): void => {};
