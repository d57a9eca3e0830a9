import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { hasAnyFactorSql } from '../../identity/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';

/** An account that can open a patient's record, or could in the past: the patient's own, or a representative's. */
export interface RecordAccount {
  readonly accountId: AccountId;
  readonly relationship: 'self' | 'representative';
  /** Id of the RelatedPerson resource that names the representative. undefined if there is none. */
  readonly relatedPersonId: string | undefined;
  readonly displayName: string;
  readonly username: string;
  readonly email: string | undefined;
  readonly published: boolean;
  /** When the account got access to the record. undefined for old access, whose start was not recorded. */
  readonly accessSince: Date | undefined;
  readonly ended: { readonly at: Date; readonly reason: string } | undefined;
  readonly locked: { readonly at: Date; readonly reason: string } | undefined;
  /** Whether the account also opens records of other practices. */
  readonly opensOtherPractices: boolean;
  /** Names of the other patients of this practice whose records the account opens. */
  readonly otherPatientNames: readonly string[];
  readonly hasSecondFactor: boolean;
  /** Whether the account has a password. Without a password, a passkey is the only way to sign in. */
  readonly hasPassword: boolean;
}

const ACCOUNT_COLUMNS = {
  account_id: 'uuid',
  relationship: 'text',
  related_person_id: 'uuid?',
  display_name: 'text',
  username: 'text',
  email: 'text?',
  published: 'bool',
  began_at: 'timestamptz?',
  ended_at: 'timestamptz?',
  ended_for: 'text?',
  locked_at: 'timestamptz?',
  locked_for: 'text?',
  elsewhere: 'bool',
  others: '_text',
  second_factor: 'bool',
  password: 'bool',
} as const;
const list = statement(
  'desk.patient.accounts',
  ACCOUNT_COLUMNS,
  `select p.account_id, p.relationship, p.related_person_id, a.display_name, a.username, a.email, a.published,
     p.began_at, p.ended_at, p.ended_for, a.locked_at, a.locked_for, a.password_hash is not null as password,
     ${hasAnyFactorSql('a.account_id')} as second_factor,
     exists (select from representation o join record q on q.record_id = o.record_id
       where o.account_id = p.account_id and o.ended_at is null and q.practice_id <> r.practice_id) as elsewhere,
     array(select d.name from representation o
       join demographics d on d.record_id = o.record_id and d.practice_id = r.practice_id
       where o.account_id = p.account_id and o.ended_at is null and o.record_id <> p.record_id order by d.name) as others
   from representation p
   join record r on r.record_id = p.record_id
   join account a on a.account_id = p.account_id and a.closed_at is null
   where p.record_id = $1
   order by p.relationship desc, p.ended_at is not null, a.display_name, a.username`,
);

/**
 * Lists the accounts with access to a record: the patient's own before representatives, and current access before ended
 * access.
 */
export async function listRecordAccounts(db: Executor, recordId: RecordId): Promise<readonly RecordAccount[]> {
  return (await db.query(list, [recordId])).map(toRecordAccount);
}

const toRecordAccount = (row: RowOf<typeof ACCOUNT_COLUMNS>): RecordAccount => ({
  accountId: row.account_id as AccountId,
  relationship: row.relationship as RecordAccount['relationship'],
  relatedPersonId: row.related_person_id ?? undefined,
  displayName: row.display_name,
  username: row.username,
  email: row.email ?? undefined,
  published: row.published,
  accessSince: row.began_at ?? undefined,
  ended: row.ended_at === null ? undefined : { at: row.ended_at, reason: row.ended_for ?? '' },
  locked: row.locked_at === null ? undefined : { at: row.locked_at, reason: row.locked_for ?? '' },
  opensOtherPractices: row.elsewhere,
  otherPatientNames: row.others,
  hasSecondFactor: row.second_factor,
  hasPassword: row.password,
});
