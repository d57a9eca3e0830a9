import { type Executor, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import {
  ACTIVE_TOKEN_JOINS,
  IS_ACTIVE_TOKEN,
  PRACTICE_IDS,
  TOKEN_CONTEXT_COLUMNS,
  TOKEN_CONTEXT_TYPES,
  type TokenContext,
  type TokenSubject,
  toTokenContext,
  toTokenSubject,
} from './active-token.ts';
import type { OpaqueToken } from './opaque-token.ts';

const findStatement = statement(
  'oauth.token.find',
  {
    kind: 'text',
    expires_at: 'timestamptz',
    used_at: 'timestamptz?',
    successor: 'bytea?',
    redirect_uri: 'text?',
    challenge: 'text?',
    jkt: 'text?',
    scope: 'text',
    denied: '_text',
    client_id: 'text',
    account_id: 'uuid?',
    record_id: 'int8?',
    grant_id: 'uuid',
    subject: 'text',
    revoked_for: 'text?',
    revoked: 'bool',
    ended_by: 'text?',
    ended: 'bool',
    expired: 'bool',
    app_state: 'text',
    locked: 'bool',
    represented: 'bool',
    session_over: 'bool',
    active: 'bool',
  },
  `select t.kind, t.expires_at, t.used_at, t.successor, t.redirect_uri, t.challenge, t.jkt,
     coalesce(t.scope, f.scope) as scope, f.denied, g.client_id, g.account_id, f.record_id, f.grant_id, g.subject,
     f.revoked_for, f.revoked_at is not null as revoked, g.ended_by, g.revoked_at is not null as ended,
     coalesce(f.expires_at <= $1, false) as expired, a.state as app_state,
     u.locked_at is not null as locked, x.account_id is not null as represented,
     f.session_id is not null and coalesce(s.expires_at <= $1, true) as session_over,
     coalesce((${IS_ACTIVE_TOKEN}), false) as active
   from token t join token_family f on f.family_id = t.family_id ${ACTIVE_TOKEN_JOINS}
   where t.family_id = $2 and t.hash = $3`,
);

/** A stored token, valid or not. If access has ended, `reason` says why. */
export interface StoredToken extends TokenSubject {
  readonly kind: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly successor: Buffer | null;
  readonly redirectUri: string | null;
  readonly challenge: string | null;
  readonly jkt: string | null;
  /** Scope of the token, if a refresh narrowed it. Otherwise the scope of its token family. */
  readonly scope: string;
  /** Keys of types and categories that the patient has denied since the consent. */
  readonly denied: readonly string[];
  /** Whether app, grant, record and session still allow access. */
  readonly isActive: boolean;
  /**
   * Why access is no longer valid, as a message for the app and its developer. Undefined while access is valid, even if
   * the token itself has expired or was used.
   */
  readonly reason: string | undefined;
}

export async function findToken(db: Executor, now: Date, token: OpaqueToken): Promise<StoredToken | undefined> {
  const [row] = await db.query(findStatement, [now, token.familyId, token.hash]);
  if (row === undefined) return undefined;
  return {
    ...toTokenSubject(row),
    kind: row.kind,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    successor: row.successor,
    redirectUri: row.redirect_uri,
    challenge: row.challenge,
    jkt: row.jkt,
    scope: row.scope,
    denied: row.denied,
    isActive: row.active,
    reason: row.active ? undefined : inactiveReason(row),
  };
}

const livingFamilyStatement = statement(
  'oauth.family.find-living',
  { client_id: 'text', account_id: 'uuid?', record_id: 'int8?', grant_id: 'uuid' },
  `select g.client_id, g.account_id, f.record_id, f.grant_id
   from token_family f ${ACTIVE_TOKEN_JOINS}
   where f.family_id = $2 and g.client_id = $3 and ${IS_ACTIVE_TOKEN} and exists (
     select from token t where t.family_id = $2 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
       and (t.jkt is null or t.jkt = $4))`,
);

/**
 * Returns the family of a token that isn't stored, if the client could refresh that family with its current token: access
 * is valid, the client is its own, and so is the key if the refresh token is bound to one.
 * @param client.jkt thumbprint of the key that the client has proven; undefined if it sent no proof
 */
export async function findLivingFamily(
  db: Executor,
  now: Date,
  { familyId }: OpaqueToken,
  { clientId, jkt }: { readonly clientId: ClientId; readonly jkt: string | undefined },
): Promise<TokenSubject | undefined> {
  const [row] = await db.query(livingFamilyStatement, [now, familyId, clientId, jkt ?? null]);
  return row && toTokenSubject(row);
}

function inactiveReason(row: NonNullable<(typeof findStatement)['row']>): string {
  const { app_state: state, revoked_for: reason } = row;
  if (state !== 'active' && state !== 'provisional') return `This app is ${state}. Ask the operator of this server.`;
  if (row.locked) return 'The practice locked the account that granted this access. Only the practice can unlock it.';
  if (row.ended) return `${ENDED_BY_MESSAGES[row.ended_by ?? ''] ?? 'This access has ended.'} ${REAUTHORIZE_HINT}`;
  if (row.revoked) return `This access has ended: ${reason ?? 'no reason on record'}. ${REAUTHORIZE_HINT}`;
  if (row.expired) return `The time that the patient chose for this access has expired. ${REAUTHORIZE_HINT}`;
  if (row.subject === 'record' && !row.represented) return 'This person no longer represents the patient.';
  if (row.session_over) return `This was online access, and the person has signed out. ${REAUTHORIZE_HINT}`;
  return 'This app can no longer access this record or practice.';
}

/** Sentence for error messages that tells a developer how to get new tokens. */
export const REAUTHORIZE_HINT = 'Send the patient through authorize again.';

const ENDED_BY_MESSAGES: Readonly<Record<string, string>> = {
  patient: 'The patient ended this access.',
  staff: 'The practice ended this access at the patient’s request.',
  app: 'The app ended this access.',
};

const ACTIVE_TOKEN_COLUMNS = {
  ...TOKEN_CONTEXT_TYPES,
  subject: 'text',
  labels: '_text',
  practices: '_int4',
  practice_enabled: 'bool?',
  apis: '_text',
  requests_per_minute: 'int4?',
  provisional: 'bool',
  issued_at: 'timestamptz',
  expires_at: 'timestamptz',
  jkt: 'text?',
} as const;
const findActiveStatement = statement(
  'oauth.access.verify',
  ACTIVE_TOKEN_COLUMNS,
  `select ${TOKEN_CONTEXT_COLUMNS.replace('f.scope', 'coalesce(t.scope, f.scope) as scope')}, ${PRACTICE_IDS} as practices,
     g.subject, f.labels, p.enabled as practice_enabled, a.apis, a.requests_per_minute, (a.state = 'provisional') as provisional, t.issued_at, t.expires_at, t.jkt
   from token t join token_family f on f.family_id = t.family_id ${ACTIVE_TOKEN_JOINS}
   where t.family_id = $2 and t.hash = $3 and t.kind = $4 and t.used_at is null and t.expires_at > $1 and ${IS_ACTIVE_TOKEN}`,
);

/** An active token (RFC 7662) with the access that it gives. */
export interface ActiveTokenContext extends TokenContext {
  /**
   * Whether a patient or representative gave the access. False for staff and backend apps, which have access on behalf
   * of practices.
   */
  readonly ofPatient: boolean;
  /** Keys of the sensitive security labels that the patient allowed. */
  readonly labels: readonly string[];
  readonly practices: readonly number[];
  readonly practiceEnabled: boolean;
  readonly apis: readonly string[];
  /** Requests per minute that an administrator allows the app; undefined if the default applies. */
  readonly requestsPerMinute: number | undefined;
  readonly provisional: boolean;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly jkt: string | undefined;
}

export async function findActiveToken(
  db: Executor,
  now: Date,
  token: OpaqueToken,
  kind: 'access' | 'refresh',
): Promise<ActiveTokenContext | undefined> {
  const [row] = await db.query(findActiveStatement, [now, token.familyId, token.hash, kind]);
  if (row === undefined) return undefined;
  return {
    ...toTokenContext(row),
    ofPatient: row.subject === 'record',
    labels: row.labels,
    practices: row.practices,
    // Tokens of staff and backend apps may have no record. The API counts as off for them if it is off at all their
    // practices.
    practiceEnabled: row.practice_enabled ?? row.practices.length > 0,
    apis: row.apis,
    requestsPerMinute: row.requests_per_minute ?? undefined,
    provisional: row.provisional,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    jkt: row.jkt ?? undefined,
  };
}
