/**
 * SQL of the connections that wait for a lock. Only those of the same database count, because the tests of other files
 * use other databases of the same PostgreSQL. Within a transaction, the result doesn't change after the first query.
 */
export const WAITING_FOR_LOCK =
  "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
