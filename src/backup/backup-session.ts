import { type Database, statement } from '../database/index.ts';
import { isDatabaseUnavailable, OperatorError } from '../kernel/index.ts';

/** Facts about the database that a backup needs. */
export interface ClusterFacts {
  /** PostgreSQL's own data directory. */
  readonly folder: string;
  readonly version: string;
  readonly systemIdentifier: string;
  /** Size of a segment of the write-ahead log (WAL) in bytes. */
  readonly segmentBytes: number;
}

/** A backup that PostgreSQL has begun. It ends with its connection. */
export interface BackupSession {
  readonly facts: ClusterFacts;
  /** Position in the WAL from which a restore has to repeat changes, and the name of its segment. */
  readonly start: { readonly lsn: string; readonly segment: string };
  /** Ends the backup. Until the session is closed, PostgreSQL keeps the WAL that the backup needs. */
  stop(): Promise<BackupEnd>;
}

export interface BackupEnd {
  readonly lsn: string;
  /** Time of the database, from which a restore can choose. */
  readonly at: Date;
  /** Content of the file `backup_label`, with which PostgreSQL recognizes the copy. */
  readonly label: string;
}

const facts = statement(
  'backup.facts',
  {
    ...{ folder: 'text', version: 'text', identifier: 'text', segment_bytes: 'int8', wal_level: 'text' },
    tablespaces: 'int4',
  },
  `select current_setting('data_directory') as folder, current_setting('server_version') as version,
     (select system_identifier::text from pg_control_system()) as identifier,
     (select setting::int8 from pg_settings where name = 'wal_segment_size') as segment_bytes,
     current_setting('wal_level') as wal_level,
     (select count(*)::int from pg_tablespace where spcname not in ('pg_default', 'pg_global')) as tablespaces`,
);
const keepWal = statement(
  'backup.keep-wal',
  { name: 'text' },
  `select slot_name::text as name
   from pg_create_physical_replication_slot('patient_access_backup_' || pg_backend_pid(), true, true)`,
);
const begin = statement(
  'backup.start',
  { lsn: 'text', segment: 'text' },
  `select lsn::text as lsn, pg_walfile_name(lsn) as segment from pg_backup_start('patient-access backup', fast => true) lsn`,
);
const end = statement(
  'backup.stop',
  { lsn: 'text', label: 'text', at: 'timestamptz' },
  `select lsn::text as lsn, labelfile as label, clock_timestamp() as at from pg_backup_stop(wait_for_archive => false)`,
);

/**
 * Begins a backup in the running database, with a checkpoint at once. A temporary replication slot keeps the WAL from then
 * on, with or without an archive. PostgreSQL removes it with the connection.
 */
export async function startBackup(db: Database): Promise<BackupSession> {
  // PostgreSQL ends the backup with its connection.
  const connection = db.dedicatedConnection({ idleTimeout: Number.POSITIVE_INFINITY });
  const [row] = await connection.query(facts);
  if (row === undefined || row.wal_level === 'minimal') throw new OperatorError(EARLIER_SETTINGS);
  if (row.tablespaces > 0)
    throw new OperatorError('The database has tablespaces of its own, which a backup would not contain.');
  await connection.query(keepWal);
  const [started] = await connection.query(begin);
  if (started === undefined) throw new Error('PostgreSQL began no backup');
  return {
    facts: {
      folder: row.folder,
      version: row.version,
      systemIdentifier: row.identifier,
      segmentBytes: row.segment_bytes,
    },
    start: started,
    async stop() {
      const [stopped] = await connection.query(end).catch(explainLoss);
      if (stopped === undefined) throw new Error('PostgreSQL ended no backup');
      return stopped;
    },
  };
}

const EARLIER_SETTINGS =
  'The database was started by an earlier release, whose settings allow no backup. Restart the server first.';

/** SQLSTATE of `pg_backup_stop` on another connection than that of the start. */
const NO_BACKUP = '55000';

function explainLoss(error: unknown): never {
  const { code } = error as { readonly code?: string };
  if (!isDatabaseUnavailable(error) && code !== NO_BACKUP) throw error;
  throw new OperatorError('The database was restarted during the backup. Run the backup again.');
}
