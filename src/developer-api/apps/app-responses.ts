import {
  type AppEvent,
  type AppSecret,
  type AppVersion,
  fieldsNeedingReview,
  findVersions,
  includesRole,
  isPending,
  listSecrets,
  logoPath,
  type NewAppSecret,
  type OrganisationMembership,
  reviewDeadline,
} from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import {
  type AppEventResponse,
  type AppResponse,
  type AppSummary,
  type AppVersionResponse,
  type NewSecretResponse,
  type PortalContext,
  type ReviewDeadlineResponse,
  type SecretResponse,
  toTimestamp,
} from '../../portal-api/index.ts';
import { toDraft } from './draft.ts';
import { computeRevision } from './revision.ts';

/** Maximum number of versions of an app in a response. The newest come first. */
const MAX_VERSIONS = 50;

type AppWithoutSecrets = Omit<App, 'secretHashes'>;

/** Converts the review deadline of a pending version to the response for developers and administrators. */
export function toDeadlineResponse(version: AppVersion, now: Date): ReviewDeadlineResponse {
  const { step, since, due, enableBy, businessDays, businessDaysLeft, urgency } = reviewDeadline(version, now);
  return {
    step,
    since: since.toISOString(),
    due: due.toISOString(),
    enableBy: enableBy.toISOString(),
    businessDays,
    businessDaysLeft,
    standing: urgency,
  };
}

/**
 * Converts a version of an app for the response.
 * @param app current state of the app
 */
export function toVersionResponse(version: AppVersion, app: AppWithoutSecrets, now: Date): AppVersionResponse {
  const { clientId, logoVersion } = version;
  const path = `/api/developer/apps/${encodeURIComponent(clientId)}/versions/${version.version}/logo?v=${logoVersion}`;
  return {
    version: version.version,
    state: version.state,
    terms: toDraft(version.terms),
    submittedAt: version.submittedAt.toISOString(),
    submittedBy: version.submitterName ?? null,
    verifyBy: version.verifyBy.toISOString(),
    verifiedAt: toTimestamp(version.verifiedAt),
    enableBy: toTimestamp(version.enableBy),
    clock: isPending(version.state) ? toDeadlineResponse(version, now) : null,
    // Only a question that isn't answered is included. Answered questions are in the app's history.
    question: version.askedAt === undefined ? null : (version.question ?? null),
    askedAt: toTimestamp(version.askedAt),
    decidedAt: toTimestamp(version.decidedAt),
    reason: version.reason ?? null,
    logo: logoVersion === undefined ? null : path,
    ...(isPending(version.state) ? { waits: fieldsUnderReview(version, app) } : {}),
  };
}

/**
 * Returns the fields of a pending version that differ from the app's current terms and wait for a
 * review. Empty if the app was never approved.
 */
export function fieldsUnderReview({ terms, logoVersion }: AppVersion, app: AppWithoutSecrets): string[] {
  if (app.state !== 'active' && app.state !== 'suspended') return [];
  const logo = logoVersion !== undefined && logoVersion !== app.logoVersion;
  return [...fieldsNeedingReview(app, terms), ...(logo ? ['logo'] : [])];
}

export const toAppSummary = (app: AppWithoutSecrets, open: AppVersion | undefined, now: Date): AppSummary => ({
  clientId: app.clientId,
  organisationId: app.organisationId ?? '',
  name: app.name,
  kind: app.kind,
  state: app.state,
  createdAt: app.createdAt.toISOString(),
  logo: logoPath(app.clientId, app.logoVersion) ?? null,
  open: open === undefined ? null : toVersionResponse(open, app, now),
});

/**
 * Builds the response about an app, with its versions and secrets.
 * @param db the transaction that has just changed the app, or the connection pool
 */
export async function buildAppResponse(
  db: Executor,
  { clock }: Pick<PortalContext, 'clock'>,
  app: App,
  { role }: Pick<OrganisationMembership, 'role'>,
): Promise<AppResponse> {
  const versions = await findVersions(db, app.clientId);
  const open = versions.find(({ state }) => isPending(state));
  const now = clock.now();
  return {
    ...toAppSummary(app, open, now),
    terms: toDraft(app),
    revision: computeRevision(app, open),
    secrets: (await listSecrets(db, clock, app.clientId)).map(toSecretResponse),
    versions: versions.slice(0, MAX_VERSIONS).map((version) => toVersionResponse(version, app, now)),
    firstCallAt: toTimestamp(app.firstCallAt),
    may: { change: includesRole(role, 'developer'), administer: includesRole(role, 'administrator') },
  };
}

export const toSecretResponse = ({ secretId, name, createdAt, expiresAt }: AppSecret): SecretResponse => ({
  secretId,
  name,
  createdAt: createdAt.toISOString(),
  expiresAt: toTimestamp(expiresAt),
});

export const toNewSecretResponse = (secret: NewAppSecret): NewSecretResponse => ({
  ...toSecretResponse(secret),
  clientSecret: secret.clientSecret,
});

/** Details of an event that developers may see: texts that they and the administrators exchanged, and what changed. */
const VISIBLE_DETAILS = ['fields', 'ground', 'reason', 'question', 'answer', 'name', 'expiresAt', 'automatic'];

/** Converts an event of an app's history for its developers. Leaves out the names of administrators. */
export const toEventResponse = ({ at, kind, bySide, who, version, detail }: AppEvent): AppEventResponse => ({
  at: at.toISOString(),
  kind,
  bySide,
  who: bySide === 'developer' ? (who ?? null) : null,
  version: version ?? null,
  detail: Object.fromEntries(Object.entries(detail).filter(([name]) => VISIBLE_DETAILS.includes(name))),
});
