import { type Executor, statement } from '../../database/index.ts';
import { addRepresentation } from '../../identity/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';

interface EnrolledAccountRecord {
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

/**
 * A person has one record per practice and one birth date, so an account whose own record is another person's is
 * rejected, as is one that represents the patient. An account without an own record may be a guardian's, so it isn't
 * accepted for a patient of 12 to 17. Shared sandbox accounts are never accepted.
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

/** Adds a patient's own record to an existing account. @returns false if the account can't be the patient's */
export const addOwnRecord = async (
  tx: Executor,
  { accountId, recordId, young }: EnrolledAccountRecord & { readonly young: boolean },
): Promise<boolean> => (await tx.query(insertOwnRecord, [accountId, recordId, young])).length > 0;

const selectOtherRepresentation = statement(
  'enrollment.join-for.as-another',
  { account_id: 'uuid' },
  `select account_id from representation
   where account_id = $1 and record_id = $2 and relationship = 'representative' and ended_at is null
     and related_person_id is distinct from $3 and related_person_id is not null`,
);

/**
 * Makes an account the patient's representative, unless it already represents the patient as another RelatedPerson: a
 * mother and a father have separate accounts.
 * @returns false in that case
 */
export async function addRepresentedRecord(
  tx: Executor,
  { accountId, recordId, relatedPersonId }: EnrolledAccountRecord & { readonly relatedPersonId: string },
): Promise<boolean> {
  if ((await tx.query(selectOtherRepresentation, [accountId, recordId, relatedPersonId])).length > 0) return false;
  return addRepresentation(tx, { accountId, recordId, relatedPersonId });
}
