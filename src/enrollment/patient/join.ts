import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';
import { addRepresentation } from '../../people/index.ts';

interface Pair {
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

/**
 * A person has one record at a practice, and one birth date: an account that is known to be another person's is refused.
 * So is one that acts for the patient: nobody represents themselves. An account of which nobody knows whose own it is may
 * be a guardian's: a patient of 12 to 17 has one of their own. An account that everybody may use opens made-up records
 * alone.
 */
const join = statement(
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

/** Opens somebody's own record in the account that they have. @returns whether it may be theirs */
export const joinOwn = async (
  tx: Executor,
  { accountId, recordId, young }: Pair & { readonly young: boolean },
): Promise<boolean> => (await tx.query(join, [accountId, recordId, young])).length > 0;

const asAnother = statement(
  'enrollment.join-for.as-another',
  { account_id: 'uuid' },
  `select account_id from representation
   where account_id = $1 and record_id = $2 and relationship = 'representative' and ended_at is null
     and related_person_id is distinct from $3 and related_person_id is not null`,
);

/** Lets an account act for a patient, unless it does so as another person of the record: father and mother have two. */
export async function joinFor(
  tx: Executor,
  { accountId, recordId, relatedPersonId }: Pair & { readonly relatedPersonId: string },
): Promise<boolean> {
  if ((await tx.query(asAnother, [accountId, recordId, relatedPersonId])).length > 0) return false;
  return addRepresentation(tx, { accountId, recordId, relatedPersonId });
}
