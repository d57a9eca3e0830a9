import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AppTerms } from '../../domain/index.ts';
import type { AccountId, ClientId } from '../../kernel/index.ts';
import { type AppLogo, type AppVersion, parseTerms, serializeTerms, type VersionState } from './version.ts';

const COLUMNS = {
  client_id: 'text',
  version: 'int4',
  terms: 'jsonb',
  logo_version: 'text?',
  state: 'text',
  submitted_by: 'uuid?',
  submitter_name: 'text?',
  submitted_at: 'timestamptz',
  verify_by: 'timestamptz',
  verified_at: 'timestamptz?',
  verified_by: 'uuid?',
  enable_by: 'timestamptz?',
  asked_at: 'timestamptz?',
  question: 'text?',
  approved_first_at: 'timestamptz?',
  approved_first_by: 'uuid?',
  decided_at: 'timestamptz?',
  decided_by: 'uuid?',
  reason: 'text?',
} as const;
const NAMES = `v.client_id, v.version, v.terms, left(encode(sha256(v.logo), 'hex'), 32) as logo_version, v.state, v.submitted_by,
  u.display_name as submitter_name, v.submitted_at, v.verify_by, v.verified_at, v.verified_by, v.enable_by, v.asked_at,
  v.question, v.approved_first_at, v.approved_first_by, v.decided_at, v.decided_by, v.reason`;
const FROM = 'from app_version v left join account u on u.account_id = v.submitted_by';

const findAll = statement(
  'registry.app-version.all',
  COLUMNS,
  `select ${NAMES} ${FROM} where v.client_id = $1 order by v.version desc`,
);
const findPending = statement(
  'registry.app-version.open',
  COLUMNS,
  `select ${NAMES} ${FROM} where v.client_id = any($1::text[]) and v.state in ('waiting', 'verified')`,
);
const listPending = statement(
  'registry.app-version.list-open',
  COLUMNS,
  `select ${NAMES} ${FROM} join app on app.client_id = v.client_id
   where v.state in ('waiting', 'verified') order by v.submitted_at, v.client_id`,
);
const insert = statement(
  'registry.app-version.insert',
  { version: 'int4' },
  `insert into app_version (client_id, version, terms, logo, logo_type, state, submitted_by, submitted_at, verify_by)
   select $1::text, coalesce(max(version), 0) + 1, $2::jsonb, $3::bytea, $4::text, 'waiting', $5::uuid,
     $6::timestamptz, $7::timestamptz
   from app_version where client_id = $1
   returning version`,
);
const countSince = statement(
  'registry.app-version.count-since',
  { versions: 'int4' },
  'select count(*)::int as versions from app_version where client_id = $1 and submitted_at > $2',
);
const update = statement(
  'registry.app-version.keep',
  {},
  `update app_version set terms = $3, state = $4, verified_at = $5, verified_by = $6, enable_by = $7, asked_at = $8,
     question = $9, approved_first_at = $10, approved_first_by = $11, decided_at = $12, decided_by = $13, reason = $14
   where client_id = $1 and version = $2`,
);
const setLogo = statement(
  'registry.app-version.set-logo',
  {},
  'update app_version set logo = $3, logo_type = $4 where client_id = $1 and version = $2',
);
const logo = statement(
  'registry.app-version.logo',
  { logo: 'bytea?', logo_type: 'text?' },
  'select logo, logo_type from app_version where client_id = $1 and version = $2',
);

/** Returns all versions of an app, newest first. */
export async function findVersions(db: Executor, clientId: string): Promise<readonly AppVersion[]> {
  return (await db.query(findAll, [clientId])).map(toVersion);
}

/**
 * Returns the pending version of an app. Before you decide about the version, lock the app with
 * `lockApp`: every change of a version takes that lock.
 */
export async function findPendingVersion(db: Executor, clientId: string): Promise<AppVersion | undefined> {
  return (await findPendingVersions(db, [clientId]))[0];
}

/** Returns the pending versions of several apps. An app has at most one. */
export async function findPendingVersions(db: Executor, clientIds: readonly string[]): Promise<readonly AppVersion[]> {
  return (await db.query(findPending, [clientIds])).map(toVersion);
}

/** Returns the pending versions of all apps. The version that has waited longest comes first. */
export async function listPendingVersions(db: Executor): Promise<readonly AppVersion[]> {
  return (await db.query(listPending)).map(toVersion);
}

export interface NewAppVersion {
  readonly clientId: ClientId;
  readonly terms: AppTerms;
  readonly logo: AppLogo | undefined;
  readonly submittedBy: AccountId | undefined;
  readonly submittedAt: Date;
  readonly verifyBy: Date;
}

/**
 * Inserts a version of an app. `tx` must hold the app's lock.
 * @returns the number of the version
 */
export async function insertVersion(tx: Executor, made: NewAppVersion): Promise<number> {
  const { clientId, terms, logo: image, submittedBy, submittedAt, verifyBy } = made;
  const values = [clientId, serializeTerms(terms), image?.bytes ?? null, image?.type ?? null, submittedBy ?? null];
  const [row] = await tx.query(insert, [...values, submittedAt, verifyBy]);
  return row?.version ?? 1;
}

/** Counts the versions of an app that were submitted since a time. */
export async function countVersions(tx: Executor, clientId: ClientId, since: Date): Promise<number> {
  return (await tx.query(countSince, [clientId, since]))[0]?.versions ?? 0;
}

/** Updates a version of an app, except its logo, submitter and submission time. `tx` must hold the app's lock. */
export async function updateVersion(tx: Executor, version: AppVersion): Promise<void> {
  await tx.query(update, [
    version.clientId,
    version.version,
    serializeTerms(version.terms),
    version.state,
    version.verifiedAt ?? null,
    version.verifiedBy ?? null,
    version.enableBy ?? null,
    version.askedAt ?? null,
    version.question ?? null,
    version.approvedFirstAt ?? null,
    version.approvedFirstBy ?? null,
    version.decidedAt ?? null,
    version.decidedBy ?? null,
    version.reason ?? null,
  ]);
}

export async function updateVersionLogo(
  tx: Executor,
  { clientId, version }: Pick<AppVersion, 'clientId' | 'version'>,
  image: AppLogo | undefined,
): Promise<void> {
  await tx.query(setLogo, [clientId, version, image?.bytes ?? null, image?.type ?? null]);
}

/** Returns the logo that was submitted with a version of an app; undefined if there was none. */
export async function findVersionLogo(db: Executor, clientId: string, version: number): Promise<AppLogo | undefined> {
  const [row] = await db.query(logo, [clientId, version]);
  return row?.logo && row.logo_type !== null ? { bytes: row.logo, type: row.logo_type } : undefined;
}

const toVersion = (row: RowOf<typeof COLUMNS>): AppVersion => ({
  clientId: row.client_id as ClientId,
  version: row.version,
  terms: parseTerms(row.terms),
  logoVersion: row.logo_version ?? undefined,
  hasLogo: row.logo_version !== null,
  state: row.state as VersionState,
  submittedBy: (row.submitted_by ?? undefined) as AccountId | undefined,
  submitterName: row.submitter_name ?? undefined,
  submittedAt: row.submitted_at,
  verifyBy: row.verify_by,
  verifiedAt: row.verified_at ?? undefined,
  verifiedBy: (row.verified_by ?? undefined) as AccountId | undefined,
  enableBy: row.enable_by ?? undefined,
  askedAt: row.asked_at ?? undefined,
  question: row.question ?? undefined,
  approvedFirstAt: row.approved_first_at ?? undefined,
  approvedFirstBy: (row.approved_first_by ?? undefined) as AccountId | undefined,
  decidedAt: row.decided_at ?? undefined,
  decidedBy: (row.decided_by ?? undefined) as AccountId | undefined,
  reason: row.reason ?? undefined,
});
