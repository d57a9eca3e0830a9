import { ANY_RECORD_SQL, practiceEventsSql } from '../audit/index.ts';

/** SQL: the id of the practice. Only digits replace it, so it can't be a parameter of a cursor but is never text. */
export const PRACTICE = '$practice';

/** SQL: ids of the practice's records, also of merged ones. */
export const RECORDS = `(select r.record_id from record r where r.practice_id = ${PRACTICE})`;
const OF_PRACTICE = `t.practice_id = ${PRACTICE}`;
const OF_RECORDS = `t.record_id in ${RECORDS}`;
/** SQL: ids of the grants for records of the practice. Grants of staff and backend apps belong to several practices. */
const GRANTS = `(select g.grant_id from consent_grant g where g.subject = 'record' and g.record_id in ${RECORDS})`;
/** SQL: ids of the authorizations that a refresh token continues. Those of a session end with it. */
const FAMILIES = `(select f.family_id from token_family f where f.grant_id in ${GRANTS} and f.session_id is null
  and exists (select from token k where k.family_id = f.family_id and k.kind = 'refresh'))`;
/** SQL: whether the account can open a record of the practice, or works there. */
const HAS_ACCESS = `(exists (select from representation h where h.account_id = t.account_id and h.ended_at is null
    and h.record_id in ${RECORDS})
  or exists (select from staff s where s.account_id = t.account_id and s.practice_id = ${PRACTICE}))`;
/** SQL: events about the practice's records, with the alias `e`. */
const RECORD_EVENTS = `(${practiceEventsSql(PRACTICE, () => 'true')}) e`;
/** SQL: accounts that the practice's rows name. The access log shows the names of people who read a record. */
const ACCOUNTS = `(
  select h.account_id from representation h where h.record_id in ${RECORDS}
  union select s.account_id from staff s where s.practice_id = ${PRACTICE}
  union select g.account_id from consent_grant g where g.record_id in ${RECORDS}
  union select i.created_by from invitation i where i.practice_id = ${PRACTICE}
  union select i.used_by from invitation i where i.practice_id = ${PRACTICE}
  union select e.account_id from ${RECORD_EVENTS})`;
/** SQL: apps that got access to a record of the practice, or read one. */
const APPS = `(
  select g.client_id from consent_grant g where g.record_id in ${RECORDS}
  union select e.client_id from ${RECORD_EVENTS})`;
/** SQL: events about a record of the practice, or about the practice itself. `e` is an event. */
export const EVENTS = `(${ANY_RECORD_SQL} in ${RECORDS}
  or (${ANY_RECORD_SQL} is null and e.detail ->> 'practice' = '${PRACTICE}'))`;

/** Rows of a table that belong to a practice. Each line of their file is a JSON object by column. */
export interface CopiedTable {
  readonly name: string;
  /** SQL condition of the rows, which have the alias `t`. */
  readonly where: string;
  readonly key: string;
  /** Columns that aren't copied as they are: SQL of another value, or null if the column is left out. */
  readonly columns?: Readonly<Record<string, string | null>>;
  /** SQL of columns in the other installation, if they depend on its rows. `x` is the row. */
  readonly imported?: Readonly<Record<string, string>>;
  /** SQL condition of the rows `x` that an import accepts, besides that their records belong to the practice. */
  readonly accepted?: string;
  /** Rows that other practices share: an existing row of the other installation stays as it is. */
  readonly isShared?: true;
}

/** SQL: `$value`, or another one if another account of this installation has it. */
const unlessTaken = (column: string, otherwise: string, andKind = ''): string =>
  `case when exists (select from account o where o.${column} = x.${column} and o.account_id <> x.account_id${andKind})
     then ${otherwise} else x.${column} end`;
/** Index values, which depend on the release. The server computes them again. */
const DERIVED = {
  sort_at: null,
  dates: null,
  flags: null,
  codes: null,
  extra: null,
  indexed_by: null,
  content: null,
} as const;

/** The tables that are copied row by row, in the order of the import. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  {
    name: 'practice',
    where: OF_PRACTICE,
    key: 'practice_id',
    columns: {
      generated: null,
      shut: null,
      records_indexed_by: null,
      records_converted_by: null,
      indexed_by: null,
      converted_by: null,
      records_conversion_version: null,
      conversion_version: null,
      id_registry: null,
    },
  },
  {
    name: 'stored_practice_brand',
    where: `${OF_PRACTICE} and t.visitor_id is null`,
    key: 'practice_id',
    columns: { part_of: null, visitor_id: null },
  },
  {
    name: 'account',
    where: `t.account_id in ${ACCOUNTS}`,
    key: 'account_id',
    isShared: true,
    columns: {
      // A person who has no access any more is a name in the access log, without username and email address.
      username: `case when ${HAS_ACCESS} then t.username else 'closed:' || t.account_id end`,
      email: `case when ${HAS_ACCESS} then t.email end`,
      closed_at: `case when ${HAS_ACCESS} then t.closed_at else coalesce(t.closed_at, now()) end`,
      password_hash: null,
      published: null,
      administrator: null,
      sandbox_administrator: null,
      unconfirmed_email: null,
      unconfirmed_since: null,
    },
    imported: {
      username: unlessTaken('username', "x.username || '-' || left(x.account_id::text, 8)"),
      email: unlessTaken('email', 'null', " and (o.kind = 'developer') = (x.kind = 'developer')"),
    },
  },
  {
    name: 'stored_app',
    where: `t.space = '' and t.client_id in ${APPS}`,
    key: 'client_id',
    isShared: true,
    columns: {
      // An app works only after an administrator of the other installation has decided so, and has no secret there.
      state: "case when t.state in ('retired', 'rejected') then t.state else 'suspended' end",
      developer: `coalesce((
        select o.name from stored_organisation o where o.organisation_id = t.organisation_id), t.developer)`,
      organisation_id: null,
      verified_at: null,
      practice_ids: null,
      may_introspect: null,
      registration_hash: null,
      pseudonym_key: null,
      listed: null,
      first_call_at: null,
      errors_warned_at: null,
      requests_per_minute: null,
      space: null,
    },
    imported: { state: "case when x.state in ('retired', 'rejected') then x.state else 'suspended' end" },
  },
  { name: 'staff', where: OF_PRACTICE, key: 'account_id' },
  {
    name: 'record',
    where: OF_PRACTICE,
    key: 'record_id',
    columns: { indexed_by: null, converted_by: null, conversion_version: null },
  },
  { name: 'record_key', where: OF_PRACTICE, key: 'system, value' },
  { name: 'demographics', where: OF_PRACTICE, key: 'record_id' },
  { name: 'representation', where: OF_RECORDS, key: 'record_id, account_id' },
  { name: 'tombstone', where: OF_RECORDS, key: 'record_id, type, id, version' },
  { name: 'shared_tombstone', where: OF_PRACTICE, key: 'type, id, version' },
  { name: 'retraction', where: OF_RECORDS, key: 'record_id, type, id, retracted_at' },
  { name: 'record_merge', where: OF_RECORDS, key: 'record_id, merge_id' },
  { name: 'merged_resource', where: OF_RECORDS, key: 'record_id, merge_id, type, id' },
  { name: 'validation_fault', where: OF_PRACTICE, key: 'type, id' },
  { name: 'refused_entry', where: OF_PRACTICE, key: 'source, key' },
  { name: 'intake_day', where: OF_PRACTICE, key: 'source, day' },
  { name: 'patient_group', where: OF_PRACTICE, key: 'group_id' },
  {
    name: 'patient_group_member',
    where: `t.group_id in (select p.group_id from patient_group p where p.practice_id = ${PRACTICE})`,
    key: 'group_id, record_id',
    accepted: `x.group_id in (select p.group_id from patient_group p where p.practice_id = ${PRACTICE})`,
  },
  { name: 'enrollment_declined', where: OF_PRACTICE, key: 'record_id' },
  {
    name: 'invitation',
    where: OF_PRACTICE,
    key: 'invitation_id',
    columns: {
      // Links and letters don't work in the other installation. The code of a letter could be found by its hash.
      hash: 'sha256(uuid_send(gen_random_uuid()))',
      cancelled_at: 'coalesce(t.cancelled_at, case when t.used_at is null then now() end)',
      code_hash: null,
      wrong_hash: null,
      step_hash: null,
      step_expires_at: null,
      step_answers: null,
    },
  },
  { name: 'consent_grant', where: `t.grant_id in ${GRANTS}`, key: 'grant_id', accepted: "x.subject = 'record'" },
  {
    name: 'token_family',
    where: `t.family_id in ${FAMILIES}`,
    key: 'family_id',
    accepted: `x.grant_id in ${GRANTS}`,
  },
  {
    name: 'token',
    where: `t.kind = 'refresh' and t.family_id in ${FAMILIES}`,
    key: 'family_id, hash',
    accepted: `x.kind = 'refresh' and x.family_id in (select f.family_id from token_family f where f.grant_id in ${GRANTS})`,
  },
  { name: 'receipt', where: `t.grant_id in ${GRANTS}`, key: 'receipt_id', accepted: `x.grant_id in ${GRANTS}` },
];

/** A table with resources or documents: their contents have files of their own, line by line as the rows. */
export interface ContentTable {
  readonly name: string;
  readonly where: string;
  readonly key: string;
  /** Folder of the contents, which have a file for each type; or the only file. */
  readonly contents: string;
  readonly columns: Readonly<Record<string, null>>;
  /** Rows that are read at once. */
  readonly rowsAtOnce: number;
}

const RESOURCE_KEY = 'type, id';
/** Superseded versions aren't indexed again, so their index values are copied. */
const VERSION = { content: null } as const;

export const CONTENT_TABLES: readonly ContentTable[] = [
  {
    name: 'shared_resource',
    where: OF_PRACTICE,
    key: RESOURCE_KEY,
    contents: 'directory',
    columns: DERIVED,
    rowsAtOnce: 200,
  },
  {
    name: 'shared_resource_history',
    where: OF_PRACTICE,
    key: `${RESOURCE_KEY}, version`,
    contents: 'directory-history',
    columns: VERSION,
    rowsAtOnce: 200,
  },
  {
    name: 'resource',
    where: OF_RECORDS,
    key: `record_id, ${RESOURCE_KEY}`,
    contents: 'fhir',
    columns: { ...DERIVED, practice_id: null, converted: null, converted_with: null },
    rowsAtOnce: 200,
  },
  {
    name: 'resource_history',
    where: OF_RECORDS,
    key: `record_id, ${RESOURCE_KEY}, version`,
    contents: 'fhir-history',
    columns: VERSION,
    rowsAtOnce: 200,
  },
  {
    name: 'document',
    where: OF_RECORDS,
    key: 'record_id, id',
    contents: 'fhir/Binary.ndjson',
    columns: { bytes: null },
    rowsAtOnce: 4,
  },
];

/** Tables that an export leaves out, and why. The manifest contains this list. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  account_link: 'One-time links work in this installation only.',
  app_event: 'The history of an app belongs to its developer and this installation.',
  app_first_data: 'Usage of apps is counted by installation.',
  app_last_read: 'Computed from the events.',
  app_request: 'The log of an app belongs to its developer.',
  app_secret: 'Secrets belong to this installation. An administrator creates a new one.',
  app_usage: 'Usage of apps is counted by installation.',
  app_usage_patient: 'Usage of apps is counted by installation.',
  app_version: 'Reviews belong to this installation.',
  approval_request: 'Administrators belong to this installation.',
  audit_archived: 'The chain of digests proves the log of this installation.',
  audit_check: 'The chain of digests proves the log of this installation.',
  audit_dropped_month: 'The chain of digests proves the log of this installation.',
  audit_event: 'Its events about the practice are in audit/events.ndjson.',
  audit_sealing: 'The chain of digests proves the log of this installation.',
  audit_segment: 'The links of its segments are in audit/segments.ndjson.',
  bulk_invitation: 'Uploaded files are deleted after 30 days.',
  bulk_invitation_row: 'Uploaded files are deleted after 30 days.',
  conversion: 'The server converts resources again.',
  daily_read: 'Computed from the events.',
  daily_read_position: 'Computed from the events.',
  data_key: 'Keys belong to this installation.',
  disclosed_record: 'Computed from the events.',
  erasure: 'Certificates of this installation.',
  export_chunk: 'Exported files of apps are deleted after EXPORT_HOURS.',
  export_job: 'Exports of apps are deleted after EXPORT_HOURS.',
  imported_audit_event: 'Its events about the practice are in audit/events.ndjson.',
  imported_disclosed_record: 'Computed from the events.',
  join_request: 'Organizations of developers belong to this installation.',
  known_browser: 'Browsers are known by a cookie of this installation.',
  launch: 'Launches are valid for minutes.',
  lost_audit_event: 'Restores of this installation.',
  lost_audit_segment: 'Restores of this installation.',
  made_up_practice: 'Made-up data of the sandbox.',
  made_up_read: 'Made-up data of the sandbox.',
  made_up_request: 'Made-up data of the sandbox.',
  made_up_usage: 'Made-up data of the sandbox.',
  mail: 'Emails are sent by this installation.',
  membership: 'Organizations of developers belong to this installation.',
  notification: 'Notifications are for developers.',
  notification_email_off: 'Notifications are for developers.',
  notification_read: 'Notifications are for developers.',
  passkey: 'Passkeys work only for the host of this installation.',
  passkey_challenge: 'Challenges are valid for minutes.',
  patient_list: 'The server makes the list again.',
  patient_list_change: 'The server makes the list again.',
  patient_list_count: 'The server makes the list again.',
  practice_app_count: 'The server counts again.',
  practice_import: 'Imports of this installation.',
  projection: 'The server converts resources again.',
  pushed_request: 'Requests are valid for minutes.',
  recovery_code: 'People set up their sign-in again.',
  removed_practice: 'Removals in this installation.',
  resource_key: 'It keeps concurrent writes from using an id twice. Stored ids are found without it.',
  review_note: 'Reviews belong to this installation.',
  sandbox_email: 'Made-up data of the sandbox.',
  sandbox_enrollment: 'Made-up data of the sandbox.',
  sandbox_visitor: 'Made-up data of the sandbox.',
  seen_once: 'Ids are valid for minutes.',
  session: 'People sign in again.',
  shared_projection: 'The server converts resources again.',
  sign_up: 'One-time links work in this installation only.',
  signing_key: 'Keys belong to this installation.',
  status_day: 'The status of this installation.',
  status_incident: 'The status of this installation.',
  status_sample: 'The status of this installation.',
  stored_brands_version: 'Published by this installation for all of its practices.',
  stored_organisation: 'Organizations of developers belong to this installation.',
  throttle: 'Limits are counted by installation.',
  totp: 'Authenticator keys are encrypted with a key of this installation. People set up their sign-in again.',
};

/** Rows that a practice shares with others, as the manifest describes them. */
export const SHARED_ROWS: readonly string[] = [
  'An account that also opens records of other practices, or works there, is copied as one account. Its access to them is not.',
  'An app is copied without secrets, developer organization and verification, as suspended. In an installation that knows the app, nothing about it changes.',
  'Grants of staff and backend apps belong to several practices and are not copied. Staff open their apps again.',
];
