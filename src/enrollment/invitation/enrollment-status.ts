import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { PatientChart } from '../contract.ts';
import { OPEN_INVITATION } from './open-invitation.ts';

/**
 * Advisory locks that are held until the transaction ends. They ensure that one transaction at a time decides about the
 * enrollment of a record and about the use of an email address.
 */
const lockRecord = statement(
  'enrollment.lock-record',
  { held: 'text?' },
  "select pg_advisory_xact_lock(hashtextextended('enrollment of record ' || $1::int8, 0))::text as held",
);
const lockEmail = statement(
  'enrollment.lock-email',
  { held: 'text?' },
  "select pg_advisory_xact_lock(hashtextextended('enrollment by ' || $1::text, 0))::text as held",
);
const selectStatus = statement(
  'enrollment.standing',
  { declined: 'bool', own: 'bool', related: '_text' },
  `select exists (select from enrollment_declined where record_id = $1) as declined,
     coalesce(bool_or(t.relationship = 'self'), false) as own,
     coalesce(array_agg(t.related_person_id::text)
       filter (where t.relationship = 'representative' and t.related_person_id is not null), '{}') as related
   from representation t join account a on a.account_id = t.account_id and a.closed_at is null
   where t.record_id = $1 and (t.ended_at is null or t.relationship = 'self')`,
);
/**
 * Finds accounts with an email address. For a sandbox practice, only accounts with access to a sandbox practice are
 * considered. Sandbox users therefore can't find out who has an account at a live practice, and can't block such an
 * account.
 */
const accounts = statement(
  'enrollment.email-accounts',
  { unusable: 'bool', relation: 'text?', related_person_id: 'uuid?', name: 'text', birth_date: 'date?' },
  `select a.kind = 'staff' or a.administrator or a.published or a.closed_at is not null as unusable,
     t.relationship as relation, t.related_person_id, coalesce(own.name, a.display_name) as name, own.birth_date
   from account a
   left join representation t on t.account_id = a.account_id and t.record_id = $2 and t.ended_at is null
   left join lateral (
     select d.name, d.birth_date from representation o
     join record r on r.record_id = o.record_id
     join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
     where o.account_id = a.account_id and o.relationship = 'self' and o.ended_at is null limit 1) own on true
   where a.email = $1 and a.kind <> 'developer' and ($3 = 'live' or exists (
     select from practice p where p.kind = 'sandbox' and p.practice_id in (
       select r.practice_id from representation o join record r on r.record_id = o.record_id
       where o.account_id = a.account_id
       union select s.practice_id from staff s where s.account_id = a.account_id)))`,
);
const invitations = statement(
  'enrollment.email-invitations',
  { kind: 'text', record_id: 'int8', related_person_id: 'uuid?', name: 'text' },
  `select i.kind, i.record_id, i.related_person_id, i.name
   from invitation i join practice p on p.practice_id = i.practice_id and p.kind = $3
   where i.email = $2 and ${OPEN_INVITATION}`,
);

/** Locks the enrollment of a record until the transaction ends. */
export async function lockRecordEnrollment(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(lockRecord, [recordId]);
}

/**
 * Locks the use of an email address in enrollment until the transaction ends. Call it after `lockRecordEnrollment`;
 * with the locks always in this order, transactions can't deadlock.
 */
export async function lockEmailUse(tx: Executor, email: string): Promise<void> {
  await tx.query(lockEmail, [email]);
}

export interface RecordEnrollmentStatus {
  /** True if the patient decided against an account. */
  readonly declined: boolean;
  /** True if the patient has an account, even one whose access the practice has ended. */
  readonly enrolled: boolean;
  /** Ids of the RelatedPersons whose accounts represent the patient. */
  readonly representatives: readonly string[];
}

export async function getRecordEnrollmentStatus(tx: Executor, recordId: RecordId): Promise<RecordEnrollmentStatus> {
  const [row] = await tx.query(selectStatus, [recordId]);
  return {
    declined: row?.declined ?? false,
    enrolled: row?.own ?? false,
    representatives: row?.related ?? [],
  };
}

/** The account that already has the email address of an invitation. */
export interface EmailAccount {
  /**
   * True if no record can be added to the account, because it is a staff, administrator, shared sandbox or closed
   * account.
   */
  readonly unusable: boolean;
  /** The account's relationship to the record of the invitation; `undefined` if it has none. */
  readonly relation: 'self' | 'representative' | undefined;
  /**
   * Id of the RelatedPerson that identifies the account's owner as the patient's representative; `undefined` if the
   * account doesn't represent the patient.
   */
  readonly relatedPersonId: string | undefined;
  /** Name of the account's owner in their own patient record, or else the account's display name. */
  readonly name: string;
  /** Birth date of the account's owner in their own patient record; `undefined` if there is none. */
  readonly birthDate: string | undefined;
}

/** An open invitation that was sent to the same email address. */
export interface EmailInvitation {
  readonly kind: 'patient' | 'representative';
  readonly recordId: RecordId;
  readonly relatedPersonId: string | undefined;
  readonly name: string;
}

export interface EmailUses {
  readonly account: EmailAccount | undefined;
  readonly invitations: readonly EmailInvitation[];
}

/** Finds the account that has an email address, and the open invitations that were sent to it. */
export async function findEmailUses(
  tx: Executor,
  { email, chart, now }: { readonly email: string; readonly chart: PatientChart; readonly now: Date },
): Promise<EmailUses> {
  const { recordId, practiceKind } = chart;
  const [account] = await tx.query(accounts, [email, recordId, practiceKind]);
  return {
    account: account && {
      unusable: account.unusable,
      relation: (account.relation ?? undefined) as EmailAccount['relation'],
      relatedPersonId: account.related_person_id ?? undefined,
      name: account.name,
      birthDate: account.birth_date ?? undefined,
    },
    invitations: (await tx.query(invitations, [now, email, practiceKind])).map((row) => ({
      kind: row.kind as EmailInvitation['kind'],
      recordId: row.record_id as RecordId,
      relatedPersonId: row.related_person_id ?? undefined,
      name: row.name,
    })),
  };
}
