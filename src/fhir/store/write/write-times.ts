import { type Executor, statement } from '../../../database/index.ts';
import { later, type PracticeId } from '../../../kernel/index.ts';

/**
 * Times since which transactions may write at a practice. Each is an advisory lock with two keys: the negative id of the
 * practice, and the time in milliseconds. Locks are shared, so no transaction waits for one. They end with their
 * transaction, even if the server is killed, and pg_locks shows those of all processes.
 */
const register = statement(
  'fhir.register-write-time',
  { registered: 'bool' },
  'select pg_advisory_xact_lock_shared(-$1::int4, $2::int4) is not null as registered',
);
const oldest = statement(
  'fhir.oldest-write-time',
  { age: 'int8?' },
  `select max(age) as age from (
     select ($2::int8 - objid::int8 + ${2 ** 32}) % ${2 ** 32} as age from pg_locks
     where locktype = 'advisory' and objsubid = 2 and classid::int8 = any($1::int8[])
       and database = (select oid from pg_database where datname = current_database())) t
   where age < ${2 ** 31}`,
);

/** A time in milliseconds as an unsigned number of 32 bits, which repeats after 49 days. */
const toKey = (time: Date): number => time.getTime() % 2 ** 32;

/**
 * Makes known, until the transaction ends, that it writes resources with this time or a later one.
 * @param now the current time. The transaction must read the clock again, after this function, for the time of a change
 */
export async function registerWriteTime(tx: Executor, practiceId: PracticeId, now: Date): Promise<void> {
  await tx.query(register, [practiceId, toKey(now) | 0]);
}

/**
 * Returns the time before which all changes of practices are committed. A search that is made after this call, and
 * leaves out changes of this time and later ones, sees changes in the order of their times: a change that it doesn't
 * see has a later time than all that it sees.
 *
 * Proof: suppose a transaction isn't committed when the search begins, and writes a change with a time before the
 * result. If it had registered when this function read the locks, the result would be at most its registered time. So it
 * registered later, and read the clock after that. Its time is then `now` or later, and the result is at most `now`.
 */
export async function findCommittedTime(
  db: Pick<Executor, 'query'>,
  practiceIds: readonly number[],
  now: Date,
): Promise<Date> {
  const classes = practiceIds.map((practiceId) => 2 ** 32 - practiceId);
  const [row] = await db.query(oldest, [classes, toKey(now)]);
  return later(now, -(row?.age ?? 0));
}
