import { days, hours } from '../../src/kernel/index.ts';

/** Rows of a table that a cleanup task deletes after a while. */
export interface RetentionCase {
  /** How `docs/retention.md` begins to say how long the rows stay. */
  readonly period: string;
  /** Milliseconds after `$1` of `insert`. */
  readonly keptFor: number;
  /** SQL that inserts a row whose time is `$1`. Other rows that it needs are inserted with it. */
  readonly insert: string;
  /** SQL of the row's key, which the last statement of `insert` returns. */
  readonly key: string;
}

const CASE = { day: days(1), month: days(30), never: 0 };
const account = (closed: string) => `insert into account (account_id, username, display_name, created_at, closed_at)
  values (gen_random_uuid(), gen_random_uuid()::text, 'Ann', $1, ${closed}) returning account_id`;
/** Inserts a row that belongs to an account that was closed at `$1`. */
const ofClosedAccount = (insert: string) => `with closed as (${account('$1')}) ${insert}`;
const family = `insert into token_family (family_id, grant_id, scope, created_at)
  values (gen_random_uuid()::text, gen_random_uuid(), '', $1) returning family_id`;
const token = `insert into token (family_id, hash, kind, issued_at, expires_at)
  select family_id, sha256(family_id::bytea), 'code', $1, $1 from family returning family_id as key`;
const notification = `insert into notification (notification_id, organisation_id, client_id, kind, at)
  values (gen_random_uuid(), gen_random_uuid(), 'app', 'verified', $1) returning notification_id`;
const bulk = `insert into bulk_invitation (bulk_id, practice_id, created_by, created_at, finished_at)
  values (gen_random_uuid(), 1, gen_random_uuid(), $1, $1) returning bulk_id`;
const hash = 'sha256(gen_random_uuid()::text::bytea)';

/** `keptFor` of rows that stay for the years of `AUDIT_RETENTION_YEARS`. */
export const SIX_YEARS = Number.POSITIVE_INFINITY;

const closed = { period: '6 years', keptFor: SIX_YEARS } as const;
const expired = { period: 'Until it expires', keptFor: CASE.never } as const;
const oneDay = { period: '1 day', keptFor: CASE.day } as const;
const oneMonth = { period: '30 days', keptFor: CASE.month } as const;
const oneYear = { period: '365 days', keptFor: days(365) } as const;

/** The tables whose rows a cleanup task deletes after a fixed time. */
export const RETENTION_CASES: Readonly<Record<string, RetentionCase>> = {
  account: { ...closed, key: 'account_id', insert: `${account('$1')} as key` },
  representation: {
    ...closed,
    key: 'account_id',
    insert: ofClosedAccount(`insert into representation (account_id, record_id, ended_at)
      select account_id, 1, $1 from closed returning account_id as key`),
  },
  consent_grant: {
    ...closed,
    key: 'grant_id',
    insert: ofClosedAccount(`insert into consent_grant (grant_id, account_id, client_id, record_id, granted_at)
      select gen_random_uuid(), account_id, 'app', 1, $1 from closed returning grant_id as key`),
  },
  receipt: {
    ...closed,
    key: 'receipt_id',
    insert: ofClosedAccount(`insert into receipt
        (receipt_id, account_id, grant_id, family_id, at, wording, language, content, hash, asked, unticked, duration)
      select gen_random_uuid(), account_id, gen_random_uuid(), 'f', $1, '1', 'en', '', '', '{}', '{}', 'P1D' from closed
      returning receipt_id as key`),
  },
  notification_email_off: {
    ...closed,
    key: 'account_id',
    insert: ofClosedAccount(`insert into notification_email_off (account_id, topic)
      select account_id, 'review' from closed returning account_id as key`),
  },
  account_link: {
    ...oneDay,
    key: 'hash',
    insert: `insert into account_link (hash, account_id, purpose, created_at, expires_at)
      values (${hash}, gen_random_uuid(), 'reset-password', $1, $1) returning hash as key`,
  },
  app_first_data: {
    ...oneDay,
    key: 'family_id',
    insert:
      'insert into app_first_data (family_id, at) values (gen_random_uuid()::text, $1) returning family_id as key',
  },
  app_request: {
    ...oneMonth,
    key: 'id',
    insert: `insert into app_request (client_id, at, id, endpoint, request_id)
      select client_id, $1, gen_random_uuid(), 'token', 'r' from app order by client_id limit 1 returning id as key`,
  },
  app_secret: {
    ...oneMonth,
    key: 'secret_id',
    insert: `insert into app_secret (client_id, hash, created_at, expires_at)
      values ('app', ${hash}, $1, $1) returning secret_id as key`,
  },
  app_usage: {
    period: '396 days',
    keptFor: days(396),
    key: 'client_id',
    insert: `insert into app_usage (client_id, hour, measure, count)
      values (gen_random_uuid()::text, $1, 'call', 1) returning client_id as key`,
  },
  bulk_invitation: { ...oneMonth, key: 'bulk_id', insert: `${bulk} as key` },
  bulk_invitation_row: {
    ...oneMonth,
    key: 'bulk_id',
    insert: `with bulk as (${bulk}) insert into bulk_invitation_row (bulk_id, line, given)
      select bulk_id, 1, '{}' from bulk returning bulk_id as key`,
  },
  intake_day: {
    period: '400 days',
    keptFor: days(400),
    key: 'source',
    insert: `insert into intake_day values (1, gen_random_uuid()::text, $1::timestamptz::date, $1, 1, 1, 1, 1, 1, 1, 1)
      returning source as key`,
  },
  invitation: {
    ...oneYear,
    key: 'invitation_id',
    insert: `insert into invitation (invitation_id, kind, practice_id, name, hash, created_at, expires_at, used_at)
      values (gen_random_uuid(), 'staff', 1, 'Ann', ${hash}, $1, $1, $1) returning invitation_id as key`,
  },
  join_request: {
    ...oneYear,
    key: 'account_id',
    insert: `insert into join_request (organisation_id, account_id, asked_at)
      values (gen_random_uuid(), gen_random_uuid(), $1) returning account_id as key`,
  },
  known_browser: {
    period: '400 days',
    keptFor: days(400),
    key: 'account_id',
    insert: `insert into known_browser (account_id, browser, seen_at)
      values (gen_random_uuid(), '', $1) returning account_id as key`,
  },
  launch: {
    period: '24 hours',
    keptFor: hours(24),
    key: 'hash',
    insert: `insert into launch (hash, client_id, account_id, record_id, context, expires_at)
      values (${hash}, 'app', gen_random_uuid(), 1, '{}', $1) returning hash as key`,
  },
  mail: {
    ...oneMonth,
    key: 'mail_id',
    insert: `insert into mail (mail_id, recipient, sender_name, subject, outbox, created_at, next_at, sent_at)
      values (gen_random_uuid(), 'ann@example.org', 'Clinic', 'Hello', false, $1, $1, $1) returning mail_id as key`,
  },
  notification: { period: '90 days', keptFor: days(90), key: 'notification_id', insert: `${notification} as key` },
  notification_read: {
    period: '90 days',
    keptFor: days(90),
    key: 'notification_id',
    // A foreign key checks the row of the other table at the end of the statement.
    insert: `with noted as (${notification}) insert into notification_read (account_id, notification_id, read_at)
      select gen_random_uuid(), notification_id, $1 from noted returning notification_id as key`,
  },
  passkey_challenge: {
    ...expired,
    key: 'hash',
    insert: `insert into passkey_challenge (hash, expires_at) values (${hash}, $1) returning hash as key`,
  },
  pushed_request: {
    ...expired,
    key: 'hash',
    insert: `insert into pushed_request (hash, client_id, parameters, expires_at)
      values (${hash}, 'app', '{}', $1) returning hash as key`,
  },
  refused_entry: {
    ...oneMonth,
    key: 'key',
    insert: `insert into refused_entry (practice_id, source, key, refused_at, tried_at, type, reason, waits, content)
      values (1, 's', gen_random_uuid()::text, $1, $1, 'Patient', 'r', false, '{}') returning key`,
  },
  sandbox_email: {
    ...oneMonth,
    key: 'mail_id',
    insert: `insert into sandbox_email (mail_id, invitation_id, browser, created_at)
      values (gen_random_uuid(), gen_random_uuid(), '', $1) returning mail_id as key`,
  },
  sandbox_visitor: {
    ...oneDay,
    key: 'visitor_id',
    insert: `insert into sandbox_visitor (visitor_id, account_id, browser, created_at, used_at)
      values (gen_random_uuid(), gen_random_uuid(), '', $1, $1) returning visitor_id as key`,
  },
  seen_once: {
    ...expired,
    key: 'key',
    insert: `insert into seen_once (key, expires_at) values (${hash}, $1) returning key`,
  },
  session: {
    ...expired,
    key: 'session_id',
    insert: `insert into session (hash, session_id, account_id, signed_in_at, seen_at, expires_at)
      values (${hash}, gen_random_uuid(), gen_random_uuid(), $1, $1, $1) returning session_id as key`,
  },
  sign_up: {
    ...oneDay,
    key: 'sign_up_id',
    insert: `insert into sign_up (hash, sign_up_id, email, language, created_at, expires_at)
      values (${hash}, gen_random_uuid(), 'ann@example.org', 'en', $1, $1) returning sign_up_id as key`,
  },
  signing_key: {
    ...oneMonth,
    key: 'kid',
    insert: `with next as (insert into signing_key (kid, private_jwk, created_at, alg, active_from)
        values (gen_random_uuid()::text, '{}', $1, 'RS256', $1))
      insert into signing_key (kid, private_jwk, created_at, alg, active_from)
      values (gen_random_uuid()::text, '{}', $1, 'RS256', $1::timestamptz - interval '1 second') returning kid as key`,
  },
  status_day: {
    period: '90 days',
    keptFor: days(90),
    key: 'component',
    insert: `insert into status_day (day, component, samples, good)
      values ($1::timestamptz::date, gen_random_uuid()::text, 1, 1) returning component as key`,
  },
  status_sample: {
    period: '90 days',
    keptFor: days(90),
    key: 'component',
    insert: `insert into status_sample (at, component, ok, milliseconds)
      values ($1, gen_random_uuid()::text, true, 1) returning component as key`,
  },
  throttle: {
    ...expired,
    key: 'key',
    insert: `insert into throttle (key, failures, window_ends) values (${hash}, 1, $1) returning key`,
  },
  token: { period: '24 hours', keptFor: hours(24), key: 'family_id', insert: `with family as (${family}) ${token}` },
  token_family: {
    period: '24 hours',
    keptFor: hours(24),
    key: 'family_id',
    insert: `with family as (${family}) ${token}`,
  },
};
