import type { RowOf } from '../../database/index.ts';
import type { FhirApi } from '../../domain/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import type { LaunchContext } from './launch-context.ts';

/**
 * SQL joins that the condition `IS_ACTIVE_TOKEN` needs. Every statement uses that same condition, so suspending an app,
 * ending a grant, a representation or a session, locking an account, or erasing a record stops codes, refreshes and
 * reads alike. `$1` is the current time. Access with `online_access` lasts until the person signs out or the session
 * reaches its maximum age; it doesn't end when the browser is idle.
 */
export const ACTIVE_TOKEN_JOINS = `
  join consent_grant g on g.grant_id = f.grant_id
  join app a on a.client_id = g.client_id
  left join account u on u.account_id = g.account_id
  left join record r on r.record_id = f.record_id
  left join practice p on p.practice_id = r.practice_id
  left join representation x on x.account_id = g.account_id and x.record_id = g.record_id and x.ended_at is null
  left join session s on s.session_id = f.session_id`;

/**
 * SQL condition: the app may reach the practice `q`. A provisional app, which isn't approved yet, can reach sandbox
 * practices only.
 */
const PROVISIONAL_REACH = "(a.state = 'active' or (a.state = 'provisional' and q.kind = 'sandbox'))";

export const IS_ACTIVE_TOKEN = `
  f.revoked_at is null and g.revoked_at is null and u.locked_at is null and u.closed_at is null
  and (f.expires_at is null or f.expires_at > $1)
  and (f.session_id is null or s.expires_at > $1)
  and (f.record_id is null
    or (r.state = 'active' and (a.state = 'active' or (a.state = 'provisional' and p.kind = 'sandbox'))))
  and case g.subject
    when 'record' then x.account_id is not null and f.record_id = g.record_id
    when 'staff' then exists (
      select from staff w join practice q on q.practice_id = w.practice_id
      where w.account_id = g.account_id and w.practitioner_id is not null and ${PROVISIONAL_REACH} and (f.record_id is null or w.practice_id = r.practice_id))
    else exists (select from practice q where q.practice_id = any(a.practice_ids) and ${PROVISIONAL_REACH}) end`;

/** SQL array of the practices that `user/` and `system/` scopes apply to. */
export const PRACTICE_IDS = `case g.subject when 'record' then '{}'::int4[] else array(
    select q.practice_id from practice q
    where q.enabled and ${PROVISIONAL_REACH} and case g.subject
      when 'staff' then exists (select from staff w
        where w.account_id = g.account_id and w.practice_id = q.practice_id and w.practitioner_id is not null)
      else q.practice_id = any(a.practice_ids) end) end`;

/**
 * SQL expression for the FHIR resource that describes the signed-in person, as `Type/id`. SMART App Launch 2.2 §3.0.2.3
 */
export const FHIR_USER = `case g.subject
    when 'record' then case when x.relationship = 'self' then 'Patient/' || r.patient_id
      else 'RelatedPerson/' || x.related_person_id end
    when 'staff' then (
      select 'Practitioner/' || w.practitioner_id from staff w
      where w.account_id = g.account_id and w.practitioner_id is not null
      order by (w.practice_id is not distinct from r.practice_id) desc, w.practice_id limit 1) end`;

/** The grant, app, account and record of a token. */
export interface TokenSubject {
  readonly grantId: GrantId;
  readonly clientId: ClientId;
  /** Account of the person who allowed access. Undefined for a backend app. */
  readonly accountId: AccountId | undefined;
  /** Record of the patient in context. Undefined if there is none. */
  readonly recordId: RecordId | undefined;
}

/** The authorization behind an active token family. */
export interface TokenContext extends TokenSubject {
  readonly patientId: PatientId | undefined;
  readonly practiceId: PracticeId | undefined;
  /** Scopes that were granted at consent. */
  readonly scope: string;
  /** Keys of types and categories that the patient has denied since the consent. */
  readonly denied: readonly string[];
  readonly context: LaunchContext;
  /** The FHIR resource that describes the signed-in person, as `Type/id`. Undefined if there is none. */
  readonly fhirUser: string | undefined;
  /** The API whose base URL the app sent in `aud`. Undefined if it sent none. */
  readonly audience: FhirApi | undefined;
  readonly authTime: Date | undefined;
  /** Time at which access ends, as the patient chose. Undefined if there is no end date. */
  readonly ends: Date | undefined;
}

export const TOKEN_CONTEXT_TYPES = {
  grant_id: 'uuid',
  client_id: 'text',
  account_id: 'uuid?',
  record_id: 'int8?',
  patient_id: 'uuid?',
  practice_id: 'int4?',
  scope: 'text',
  denied: '_text',
  context: 'jsonb',
  fhir_user: 'text?',
  audience: 'text?',
  auth_time: 'timestamptz?',
  ends: 'timestamptz?',
} as const;
export const TOKEN_CONTEXT_COLUMNS = `f.grant_id, g.client_id, g.account_id, f.record_id, r.patient_id, r.practice_id, f.scope,
  f.denied, f.context, ${FHIR_USER} as fhir_user, f.audience, f.auth_time, f.expires_at as ends`;

export const toTokenContext = (row: RowOf<typeof TOKEN_CONTEXT_TYPES>): TokenContext => ({
  ...toTokenSubject(row),
  patientId: (row.patient_id ?? undefined) as PatientId | undefined,
  practiceId: (row.practice_id ?? undefined) as PracticeId | undefined,
  scope: row.scope,
  denied: row.denied,
  context: row.context as LaunchContext,
  fhirUser: row.fhir_user ?? undefined,
  audience: (row.audience ?? undefined) as FhirApi | undefined,
  authTime: row.auth_time ?? undefined,
  ends: row.ends ?? undefined,
});

interface TokenSubjectRow {
  readonly grant_id: string;
  readonly client_id: string;
  readonly account_id: string | null;
  readonly record_id: number | null;
}

export const toTokenSubject = (row: TokenSubjectRow): TokenSubject => ({
  grantId: row.grant_id as GrantId,
  clientId: row.client_id as ClientId,
  accountId: (row.account_id ?? undefined) as AccountId | undefined,
  recordId: (row.record_id ?? undefined) as RecordId | undefined,
});

/** Picks only the grant, app, account and record, for an audit event. */
export const selectSubject = ({ grantId, clientId, accountId, recordId }: TokenSubject): TokenSubject => ({
  grantId,
  clientId,
  accountId,
  recordId,
});
