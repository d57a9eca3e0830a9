import type { SettingName } from './settings.ts';

/** Limits on the connections of one process. */
export interface DatabaseSettings {
  /** Most connections in the pool. The audit log, reads by id, short pages and the health check have others. */
  readonly connections: number;
  /** Milliseconds after which PostgreSQL cancels a statement. */
  readonly statementTimeout: number;
}

/** Reads the settings of the database. */
export function readDatabaseSettings(
  text: (name: SettingName) => string,
  wholeNumber: (name: SettingName, least: number, most: number) => number,
  report: (name: SettingName, message: string) => void,
) {
  const databaseUrl = readDatabaseUrl('DATABASE_URL', text, report);
  const migrationDatabaseUrl = readDatabaseUrl('MIGRATION_DATABASE_URL', text, report);
  if (migrationDatabaseUrl !== undefined && databaseUrl === undefined)
    report('MIGRATION_DATABASE_URL', 'needs DATABASE_URL too: the same database, with the role of the server.');
  const databaseReadUrl = readDatabaseUrl('DATABASE_READ_URL', text, report);
  if (databaseReadUrl !== undefined && databaseUrl === undefined)
    report('DATABASE_READ_URL', 'needs DATABASE_URL too: the primary of this standby.');
  const database: DatabaseSettings = {
    connections: wholeNumber('DATABASE_POOL', 2, 200),
    statementTimeout: wholeNumber('STATEMENT_TIMEOUT_SECONDS', 1, 600) * 1000,
  };
  return { databaseUrl, migrationDatabaseUrl, databaseReadUrl, database };
}

/** The server writes, so it can't work on a host that is chosen for being a standby. */
const WRITABLE_HOSTS = ['any', 'read-write', 'primary'];
/** Values of `target_session_attrs` that each setting accepts. */
const SESSION_ATTRIBUTES = {
  DATABASE_URL: WRITABLE_HOSTS,
  MIGRATION_DATABASE_URL: WRITABLE_HOSTS,
  DATABASE_READ_URL: ['any', 'standby'],
} as const satisfies Partial<Record<SettingName, readonly string[]>>;

function readDatabaseUrl(
  name: keyof typeof SESSION_ATTRIBUTES,
  text: (name: SettingName) => string,
  report: (name: SettingName, message: string) => void,
): string | undefined {
  const url = text(name);
  if (url === '') return undefined;
  const urls = splitDatabaseUrl(url);
  if (!urls.every((one) => /^postgres(ql)?:\/\//.test(one) && URL.canParse(one))) {
    report(name, 'must look like postgresql://user:password@host:5432/database.');
    return url;
  }
  const target = new URL(urls[0] ?? '').searchParams.get('target_session_attrs');
  const accepted: readonly string[] = SESSION_ATTRIBUTES[name];
  if (target !== null && !accepted.includes(target))
    report(name, `has target_session_attrs=${target} but must have one of: ${accepted.join(', ')}.`);
  return url;
}

/**
 * Splits the URL of a database with several hosts, as libpq reads it, into one URL for each host:
 * `postgresql://user:password@host1:5432,host2:5432/database`. The driver parses URLs with one host only.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function splitDatabaseUrl(url: string): readonly string[] {
  const [, scheme = '', authority = '', rest = ''] = /^(\w+:\/\/)([^/?#]*)(.*)$/s.exec(url) ?? [];
  const user = authority.slice(0, authority.lastIndexOf('@') + 1);
  const hosts = authority.slice(user.length).split(',');
  return hosts.map((host) => `${scheme}${user}${host}${rest}`);
}
