import { type Executor, statement } from '../../database/index.ts';
import { formatBytes } from './bytes.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/**
 * Age of transaction ids at which vacuum hurries (`vacuum_failsafe_age`), and at which it is late. PostgreSQL accepts
 * no more changes shortly before 2.1 billion.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
const FAILSAFE_AGE = 1_600_000_000;
const LATE_AGE = 500_000_000;
/** Bytes of write-ahead log that a slot may hold if nothing reads it, and if its standby is behind. */
const MAX_UNREAD = 1_000_000_000;
const MAX_BEHIND = 16_000_000_000;

const ages = statement(
  'doctor.transaction-age',
  { age: 'int8', oldest: 'text?', hidden: 'int4', role: 'text' },
  `select greatest(age(datfrozenxid), mxid_age(datminmxid))::int8 as age,
     (select oid::regclass::text from pg_class where relkind in ('r', 'm', 't')
      order by greatest(age(relfrozenxid), mxid_age(relminmxid)) desc limit 1) as oldest,
     (select count(*)::int4 from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and state is null) as hidden,
     current_user::text as role
   from pg_database where datname = current_database()`,
);

const longTransactions = statement(
  'doctor.long-transactions',
  { pid: 'int4?', role: 'text?', program: 'text', since: 'timestamptz' },
  `select pid, usename::text as role, application_name as program, xact_start as since from pg_stat_activity
   where datname = current_database() and backend_type = 'client backend' and xact_start < now() - interval '1 hour'
   union all select null, owner::text, gid, prepared from pg_prepared_xacts
   where database = current_database() and prepared < now() - interval '1 hour'
   order by since limit 5`,
);

const slots = statement(
  'doctor.replication-slots',
  { name: 'text', active: 'bool', status: 'text?', behind: 'int8?' },
  `select slot_name::text as name, active, wal_status as status,
     pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end,
       restart_lsn)::int8 as behind
   from pg_replication_slots order by behind desc nulls last`,
);

/** Checks what keeps vacuum from removing rows, and how long PostgreSQL can go on without it. */
export async function checkTransactions(db: Executor): Promise<readonly DoctorFinding[]> {
  const [row] = await db.query(ages);
  if (row === undefined) return [];
  const { age, oldest, hidden, role } = row;
  const old = `the oldest transaction id is ${age} transactions old (${oldest}); PostgreSQL stops accepting changes at 2.1 billion.`;
  const freeze = `Run as a superuser: vacuum (freeze, verbose) ${oldest}; and see why autovacuum didn’t: long transactions, slots, or autovacuum is off.`;
  const problems = [
    ...(age >= FAILSAFE_AGE ? [errorFinding('transactions', old, freeze)] : []),
    ...(age >= LATE_AGE && age < FAILSAFE_AGE ? [warningFinding('transactions', old, freeze)] : []),
    ...(await db.query(longTransactions)).map(({ pid, role: of, program, since }) =>
      warningFinding(
        'transactions',
        `a transaction of ${of ?? 'an unknown role'} (${program}) has been open since ${since.toISOString()}. Rows that changed since then can’t be removed.`,
        pid === null && program.startsWith('citus_')
          ? 'Check that all nodes are up, and run in its database: select recover_prepared_transactions();'
          : pid === null
            ? `Unless it is in use, run in its database: rollback prepared '${program}';`
            : `Let a backup finish. Otherwise run: select pg_terminate_backend(${pid});`,
      ),
    ),
  ];
  const rights =
    hidden === 0
      ? ''
      : `. Sessions that the role ${role} can’t see: ${hidden}. To see them: grant pg_read_all_stats to ${role}`;
  return [
    ...(problems.length > 0
      ? problems
      : [
          okFinding(
            'transactions',
            `none is older than an hour; the oldest id is ${age} transactions old, of 2.1 billion${rights}`,
          ),
        ]),
    ...(await checkSlots(db)),
  ];
}

async function checkSlots(db: Executor): Promise<readonly DoctorFinding[]> {
  const found = await db.query(slots);
  return found.flatMap(({ name, active, status, behind }) => {
    const held = formatBytes(behind ?? 0);
    if (status === 'lost')
      return [
        warningFinding(
          'replication',
          `the slot ${name} has lost write-ahead log that its standby needs.`,
          `Create the standby again, and run: select pg_drop_replication_slot('${name}');`,
        ),
      ];
    if ((behind ?? 0) <= (active ? MAX_BEHIND : MAX_UNREAD)) return [];
    return [
      warningFinding(
        'replication',
        `the slot ${name} holds ${held} of write-ahead log${active ? '' : ', and nothing reads it'}. The database stops if its disk is full.`,
        active
          ? 'Check the network and the disk of its standby. max_slot_wal_keep_size limits what a slot may hold.'
          : `Start its standby. If that no longer exists, run: select pg_drop_replication_slot('${name}');`,
      ),
    ];
  });
}
