import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, Clock, RecordId } from '../../kernel/index.ts';

interface SelfRepresentationKey {
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

const end = statement(
  'people.own-access.end',
  { account_id: 'uuid' },
  `update representation p set ended_at = $3, ended_for = $4 from account a
   where p.account_id = $1 and p.record_id = $2 and p.relationship = 'self' and p.ended_at is null
     and a.account_id = p.account_id and not a.published
   returning p.account_id`,
);
const restore = statement(
  'people.own-access.restore',
  { account_id: 'uuid' },
  `update representation set ended_at = null, ended_for = null
   where account_id = $1 and record_id = $2 and relationship = 'self' and ended_at is not null returning account_id`,
);
const selectOtherPractice = statement(
  'people.own-access.elsewhere',
  { elsewhere: 'bool' },
  `select exists (select from representation p join record r on r.record_id = p.record_id
     join record own on own.record_id = $2
     where p.account_id = $1 and p.ended_at is null and r.practice_id <> own.practice_id) as elsewhere`,
);

const insertSandboxRecord = statement(
  'people.own-access.add-made-up',
  { account_id: 'uuid' },
  `insert into representation (account_id, record_id, relationship)
   select a.account_id, r.record_id, 'self' from account a
   join record r on r.record_id = $2 and r.state = 'active'
   join practice p on p.practice_id = r.practice_id and p.kind = 'sandbox'
   where a.account_id = $1 and a.kind = 'patient' and a.published
   on conflict do nothing returning account_id`,
);

/**
 * Makes a patient's record the account's own. A person has one record per practice and one birth date, so an account
 * whose own records contradict that is rejected. Accounts that represent the patient and shared sandbox accounts are
 * rejected too. For a patient of 12 to 17, an account that has no record of its own is also rejected, because it may
 * belong to a guardian.
 */
const insertOwnRecord = statement(
  'enrollment.join-own',
  { account_id: 'uuid' },
  `insert into representation as had (account_id, record_id, relationship)
   select a.account_id, r.record_id, 'self'
   from account a
   join record r on r.record_id = $2 and r.state = 'active'
   join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where a.account_id = $1 and a.kind = 'patient' and a.closed_at is null and a.locked_at is null and not a.published
     and (not $3 or exists (
       select from representation t where t.account_id = a.account_id and t.relationship = 'self' and t.ended_at is null))
     and not exists (
       select from representation t
       join record o on o.record_id = t.record_id and o.record_id <> r.record_id
       join demographics od on od.practice_id = o.practice_id and od.record_id = o.record_id
       where t.account_id = a.account_id and t.relationship = 'self' and t.ended_at is null
         and (o.practice_id = r.practice_id or od.birth_date is distinct from d.birth_date))
   on conflict (account_id, record_id) do update set ended_at = null, ended_for = null, began_at = excluded.began_at
     where had.relationship = 'self' and had.ended_at is not null
   returning account_id`,
);

/**
 * Adds a patient's record to an existing account as the account's own.
 * @returns false if the account can't be the patient's
 */
export const addOwnRecord = async (
  tx: Executor,
  { accountId, recordId, young }: SelfRepresentationKey & { readonly young: boolean },
): Promise<boolean> => (await tx.query(insertOwnRecord, [accountId, recordId, young])).length > 0;

/**
 * Adds a sandbox patient's record to a shared sandbox account as the account's own. Shared sandbox accounts never get
 * records of real patients.
 */
export async function addSandboxRecord(tx: Executor, { accountId, recordId }: SelfRepresentationKey): Promise<boolean> {
  return (await tx.query(insertSandboxRecord, [accountId, recordId])).length > 0;
}

/**
 * Tells whether the account can open a record at a practice other than the one that has this record. It may be the
 * person's own record or the record of a patient whom the person represents.
 */
export async function hasAccessAtOtherPractice(
  db: Executor,
  { accountId, recordId }: SelfRepresentationKey,
): Promise<boolean> {
  return (await db.query(selectOtherPractice, [accountId, recordId]))[0]?.elsewhere === true;
}

/**
 * Ends the access of a patient's account to the patient's own record at one practice. The account's access to other
 * records stays.
 * @returns whether the account had access
 */
export async function endSelfRepresentation(
  tx: Executor,
  clock: Clock,
  { accountId, recordId, reason }: SelfRepresentationKey & { readonly reason: string },
): Promise<boolean> {
  return (await tx.query(end, [accountId, recordId, clock.now(), reason])).length > 0;
}

/**
 * Restores the access of a patient's account to the patient's own record, after `endSelfRepresentation` ended it.
 * @returns false if there was no ended access
 */
export async function restoreSelfRepresentation(
  tx: Executor,
  { accountId, recordId }: SelfRepresentationKey,
): Promise<boolean> {
  return (await tx.query(restore, [accountId, recordId])).length > 0;
}
