import type { Executor } from '../../database/index.ts';
import {
  type App,
  type AppEvent,
  type AppVersion,
  findVersions,
  isOpen,
  listSecrets,
  logoPath,
  type Membership,
  mayActAs,
  type NewSecret,
  type Secret,
  waitingFields,
} from '../../registry/index.ts';
import type {
  AppAnswer,
  AppSummary,
  EventAnswer,
  NewSecretAnswer,
  SecretAnswer,
  VersionAnswer,
} from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { draftOf } from './draft.ts';
import { revisionOf } from './revision.ts';

/** Most versions in a response, newest first. */
const MOST_VERSIONS = 50;

const momentOf = (at: Date | undefined): string | null => at?.toISOString() ?? null;

type Listed = Omit<App, 'secretHashes'>;

/** @param app current state of the app */
export function versionAnswer(version: AppVersion, app: Listed): VersionAnswer {
  const { clientId, logoVersion } = version;
  const path = `/api/developer/apps/${encodeURIComponent(clientId)}/versions/${version.version}/logo?v=${logoVersion}`;
  return {
    version: version.version,
    state: version.state,
    terms: draftOf(version.terms),
    submittedAt: version.submittedAt.toISOString(),
    submittedBy: version.submitterName ?? null,
    verifyBy: version.verifyBy.toISOString(),
    verifiedAt: momentOf(version.verifiedAt),
    enableBy: momentOf(version.enableBy),
    // Answered questions are in the history.
    question: version.askedAt === undefined ? null : (version.question ?? null),
    askedAt: momentOf(version.askedAt),
    decidedAt: momentOf(version.decidedAt),
    reason: version.reason ?? null,
    logo: logoVersion === undefined ? null : path,
    ...(isOpen(version.state) ? { waits: waitsOf(version, app) } : {}),
  };
}

/**
 * Returns the fields of a pending version that differ from the live terms and wait for review. Empty
 * unless the app has been approved.
 */
export function waitsOf({ terms, logoVersion }: AppVersion, app: Listed): string[] {
  if (app.state !== 'active' && app.state !== 'suspended') return [];
  const logo = logoVersion !== undefined && logoVersion !== app.logoVersion;
  return [...waitingFields(app, terms), ...(logo ? ['logo'] : [])];
}

export const summaryOf = (app: Listed, open: AppVersion | undefined): AppSummary => ({
  clientId: app.clientId,
  organisationId: app.organisationId ?? '',
  name: app.name,
  kind: app.kind,
  state: app.state,
  createdAt: app.createdAt.toISOString(),
  logo: logoPath(app.clientId, app.logoVersion) ?? null,
  open: open === undefined ? null : versionAnswer(open, app),
});

/** @param db the transaction that has just changed the app, or the pool */
export async function appAnswer(
  db: Executor,
  { clock }: Pick<PortalDeps, 'clock'>,
  app: App,
  { role }: Pick<Membership, 'role'>,
): Promise<AppAnswer> {
  const versions = await findVersions(db, app.clientId);
  const open = versions.find(({ state }) => isOpen(state));
  return {
    ...summaryOf(app, open),
    terms: draftOf(app),
    revision: revisionOf(app, open),
    secrets: (await listSecrets(db, clock, app.clientId)).map(secretAnswer),
    versions: versions.slice(0, MOST_VERSIONS).map((version) => versionAnswer(version, app)),
    firstCallAt: momentOf(app.firstCallAt),
    may: { change: mayActAs(role, 'developer'), administer: mayActAs(role, 'administrator') },
  };
}

export const secretAnswer = ({ secretId, name, createdAt, expiresAt }: Secret): SecretAnswer => ({
  secretId,
  name,
  createdAt: createdAt.toISOString(),
  expiresAt: momentOf(expiresAt),
});

export const newSecretAnswer = (secret: NewSecret): NewSecretAnswer => ({
  ...secretAnswer(secret),
  clientSecret: secret.clientSecret,
});

/** Event details that developers may see: texts exchanged with them and what the event is about. */
const TOLD = ['fields', 'ground', 'reason', 'question', 'answer', 'name', 'expiresAt', 'automatic'];

/** Converts an event for developers. Names of administrators are left out. */
export const eventAnswer = ({ at, kind, bySide, who, version, detail }: AppEvent): EventAnswer => ({
  at: at.toISOString(),
  kind,
  bySide,
  who: bySide === 'developer' ? (who ?? null) : null,
  version: version ?? null,
  detail: Object.fromEntries(Object.entries(detail).filter(([name]) => TOLD.includes(name))),
});
