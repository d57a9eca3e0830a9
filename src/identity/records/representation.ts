import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, Clock, PatientId, RecordId } from '../../kernel/index.ts';

/** An account's access to a record as the patient's representative. */
export interface Representation {
  readonly username: string;
  readonly representativeName: string;
  readonly patientId: PatientId;
  readonly personName: string;
  readonly practiceName: string;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
}

interface RepresentationKey {
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

/**
 * Makes an account the representative of a patient. Only patient accounts can be representatives, and not of their own
 * record. Shared sandbox accounts may only represent sandbox patients.
 */
const add = statement(
  'people.representation.add',
  { account_id: 'uuid' },
  `insert into representation as had (account_id, record_id, relationship, related_person_id)
   select a.account_id, r.record_id, 'representative', $3
   from account a
   join record r on r.record_id = $2
   join practice p on p.practice_id = r.practice_id and (p.kind = 'sandbox' or not a.published)
   where a.account_id = $1 and a.kind = 'patient'
   on conflict (account_id, record_id) do update
     set related_person_id = excluded.related_person_id, ended_at = null, ended_for = null,
       began_at = case when had.ended_at is null and had.related_person_id = excluded.related_person_id then had.began_at
         else excluded.began_at end
     where had.relationship = 'representative'
   returning account_id`,
);
const end = statement(
  'people.representation.end',
  { account_id: 'uuid' },
  `update representation set ended_at = $3, ended_for = $4
   where account_id = $1 and record_id = $2 and relationship = 'representative' and ended_at is null
   returning account_id`,
);
const list = statement(
  'people.representation.list',
  {
    username: 'text',
    display_name: 'text',
    patient_id: 'uuid',
    person_name: 'text',
    practice_name: 'text',
    ended_at: 'timestamptz?',
    ended_for: 'text?',
  },
  `select a.username, a.display_name, r.patient_id, d.name as person_name, p.name as practice_name,
     t.ended_at, t.ended_for
   from representation t
   join account a on a.account_id = t.account_id
   join record r on r.record_id = t.record_id and r.state = 'active'
   join practice p on p.practice_id = r.practice_id
   join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where t.relationship = 'representative' order by p.name, d.name, a.username`,
);

/**
 * Makes an account the representative of a patient. Restores the account's earlier access if that ended, and leaves
 * active access as it is.
 * @param relatedPersonId id of the RelatedPerson in the patient's record that identifies the representative
 * @returns false if the account is a staff or developer account, if the record is the account's own, or if the account
 * is a shared sandbox account and the patient isn't a sandbox patient
 */
export async function addRepresentation(
  tx: Executor,
  { accountId, recordId, relatedPersonId }: RepresentationKey & { readonly relatedPersonId: string },
): Promise<boolean> {
  return (await tx.query(add, [accountId, recordId, relatedPersonId])).length > 0;
}

/** Ends a representative's access to a record. @returns whether the representative had access */
export async function endRepresentation(
  tx: Executor,
  clock: Clock,
  { accountId, recordId, reason }: RepresentationKey & { readonly reason: string },
): Promise<boolean> {
  return (await tx.query(end, [accountId, recordId, clock.now(), reason])).length > 0;
}

/** Lists the access of all representatives to active records, including access that has ended. */
export async function listRepresentations(db: Executor): Promise<readonly Representation[]> {
  const rows = await db.query(list);
  return rows.map((row) => ({
    username: row.username,
    representativeName: row.display_name,
    patientId: row.patient_id as PatientId,
    personName: row.person_name,
    practiceName: row.practice_name,
    endedAt: row.ended_at,
    endReason: row.ended_for,
  }));
}

const selectOtherRepresentation = statement(
  'enrollment.join-for.as-another',
  { account_id: 'uuid' },
  `select account_id from representation
   where account_id = $1 and record_id = $2 and relationship = 'representative' and ended_at is null
     and related_person_id is distinct from $3 and related_person_id is not null`,
);

/**
 * Makes an account the patient's representative. Returns false if the account already represents the patient as another
 * RelatedPerson, because a mother and a father need separate accounts. Also returns false if `addRepresentation` does.
 */
export async function addRepresentedRecord(
  tx: Executor,
  { accountId, recordId, relatedPersonId }: RepresentationKey & { readonly relatedPersonId: string },
): Promise<boolean> {
  if ((await tx.query(selectOtherRepresentation, [accountId, recordId, relatedPersonId])).length > 0) return false;
  return addRepresentation(tx, { accountId, recordId, relatedPersonId });
}
