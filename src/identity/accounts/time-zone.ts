import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

const find = statement(
  'people.zone',
  { time_zone: 'text?' },
  `select min(p.time_zone) as time_zone from practice p where p.practice_id in (
     select r.practice_id from representation t join record r on r.record_id = t.record_id where t.account_id = $1
     union select s.practice_id from staff s where s.account_id = $1)`,
);

/** Time zone for accounts that belong to no practice. */
const FALLBACK_TIME_ZONE = 'America/New_York';

/**
 * Returns the time zone in which times are shown to an account's owner, which is the time zone of the account's
 * practice.
 * @returns IANA name
 */
export const findTimeZone = async (db: Executor, accountId: AccountId): Promise<string> =>
  (await db.query(find, [accountId]))[0]?.time_zone ?? FALLBACK_TIME_ZONE;
