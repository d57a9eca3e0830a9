import { isAuditSearchIndex } from '../../audit/index.ts';
import { type Executor, readDeclaredIndexes, statement } from '../../database/index.ts';
import { days } from '../../kernel/index.ts';
import { formatBytes } from './bytes.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

/** Milliseconds of statistics after which an index counts as unused. Some are for monthly work. */
const UNUSED_AFTER = days(30);
/** Rows from which it is slow to read a whole table. */
const MANY_ROWS = 1_000_000;
/** How often a table is read completely, by its rows, before it is reported. Backups read tables too. */
const MANY_READS = 100;
const MAX_LISTED = 5;

const indexes = statement(
  'doctor.indexes',
  {
    name: 'text',
    plain: 'text',
    on_table: 'text',
    valid: 'bool',
    own: 'bool',
    counted: 'bool',
    scans: 'int8',
    bytes: 'int8',
  },
  `select i.indexrelid::regclass::text as name, c.relname::text as plain, i.indrelid::regclass::text as on_table,
     i.indisvalid and i.indisready as valid, c.relnamespace = 'public'::regnamespace as own,
     i.indrelid <> all ($1::regclass[]) as counted,
     coalesce(pg_stat_get_numscans(i.indexrelid), 0) as scans, pg_relation_size(i.indexrelid) as bytes
   from pg_index i join pg_class c on c.oid = i.indexrelid
   where c.relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace) and not c.relispartition
     and not exists (select from pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
   order by bytes desc, name`,
);

/** Statistics survive a restart, but not a crash. Then they begin again. */
const statisticsSince = statement(
  'doctor.statistics-since',
  { since: 'timestamptz' },
  `select coalesce(stats_reset, pg_postmaster_start_time()) as since from pg_stat_database
   where datname = current_database()`,
);

const fullReads = statement(
  'doctor.full-reads',
  { name: 'text', rows: 'int8', reads: 'int8' },
  `select relid::regclass::text as name, n_live_tup as rows, seq_scan as reads from pg_stat_user_tables
   where n_live_tup >= ${MANY_ROWS} and seq_tup_read > ${MANY_READS} * n_live_tup order by seq_tup_read desc limit ${MAX_LISTED}`,
);

/**
 * Checks the indexes: those that the migrations create must exist and be valid. Others were added by the operator, and
 * are reported if nothing has used them.
 * @param distributed tables whose rows are on workers of a cluster, where the use of their indexes is counted
 */
export async function checkIndexes(
  db: Executor,
  now: Date,
  distributed: readonly string[],
): Promise<readonly DoctorFinding[]> {
  const found = await db.query(indexes, [distributed]);
  const declared = await readDeclaredIndexes();
  const isOwn = new Set(declared.map(({ name }) => name));
  const existing = new Set(found.filter(({ own }) => own).map(({ plain }) => plain));
  const since = (await db.query(statisticsSince))[0]?.since ?? now;
  const added = found.filter(
    ({ plain, own, name, valid }) =>
      valid && (own ? !isOwn.has(plain) && !isAuditSearchIndex(plain) : !name.startsWith('pgboss.')),
  );
  const unused = added.filter(({ scans, counted }) => counted && scans === 0);
  const problems = [
    ...declared
      .filter(({ name }) => !existing.has(name))
      .map(({ name, definition, isUnique }) =>
        warningFinding(
          'indexes',
          `the index ${name} is missing. Statements that need it are slow.`,
          `Run as the owner of the tables: create ${isUnique ? 'unique ' : ''}index concurrently ${name} ${definition};`,
        ),
      ),
    ...found
      .filter(({ valid }) => !valid)
      .map(({ name, plain, own, on_table }) =>
        warningFinding(
          'indexes',
          `the index ${name} of ${on_table} is invalid, because creating it failed. It slows down writes and is never read.`,
          own && isOwn.has(plain)
            ? `Run as its owner: reindex index concurrently ${name};`
            : `Run as its owner: drop index concurrently ${name}; and create it again if it is needed.`,
        ),
      ),
    ...(await db.query(fullReads)).map(({ name, rows, reads }) =>
      warningFinding(
        'indexes',
        `${name} has ${rows} rows, and ${reads} statements have read all of it since ${since.toISOString()}.`,
        'If statements of your own read it, add an index for them. Otherwise see “statements” for the one that does, and report it to us.',
      ),
    ),
    ...(now.getTime() - since.getTime() < UNUSED_AFTER ? [] : unused.slice(0, MAX_LISTED)).map(({ name, bytes }) =>
      warningFinding(
        'indexes',
        `nothing has used the index ${name} (${formatBytes(bytes)}) since ${since.toISOString()}. It doesn’t come from this server’s migrations.`,
        `If no standby uses it either, run as its owner: drop index concurrently ${name};`,
      ),
    ),
  ];
  const recent = unused.map(({ name }) => name).join(', ');
  return [
    ...problems,
    okFinding(
      'indexes',
      `${declared.filter(({ name }) => existing.has(name)).length} of the ${declared.length} indexes of this server exist; never drop one, even if it is unused. Added by you: ${added.length}${recent === '' ? '' : `, of which unused since ${since.toISOString()}: ${recent}`}`,
    ),
  ];
}
