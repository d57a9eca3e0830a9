import {
  type AppEvent,
  type AppVersion,
  appRegistrant,
  differingFields,
  logoPath,
  type Organisation,
} from '../../apps/index.ts';
import { fieldsUnderReview, toDeadlineResponse, toDraft, toVersionResponse } from '../../developer-api/index.ts';
import type { App } from '../../domain/index.ts';
import {
  type AppEventResponse,
  type AppVersionResponse,
  type OrganisationResponse,
  type ReviewedApp,
  toTimestamp,
  type VersionDifference,
} from '../../portal-api/index.ts';

export type AppWithoutCredentials = Omit<App, 'secretHashes'>;

export const toOrganisationResponse = (one: Organisation): OrganisationResponse => ({
  organisationId: one.organisationId,
  name: one.name,
  domain: one.domain ?? null,
  website: one.website ?? null,
  createdAt: one.createdAt.toISOString(),
  verifiedAt: toTimestamp(one.verifiedAt),
});

/**
 * Converts an app to its response for administrators.
 * @param open the pending version of the app
 */
export const toReviewedApp = (
  app: AppWithoutCredentials,
  organisation: Organisation | undefined,
  open: AppVersion | undefined,
  now: Date,
): ReviewedApp => ({
  clientId: app.clientId,
  name: app.name,
  kind: app.kind,
  state: app.state,
  createdAt: app.createdAt.toISOString(),
  logo: logoPath(app.clientId, app.logoVersion) ?? null,
  organisation: organisation === undefined ? null : toOrganisationResponse(organisation),
  registeredBy: appRegistrant(app),
  clock: open === undefined ? null : toDeadlineResponse(open, now),
});

/**
 * Converts a version of an app to the same response as for its developers, but with a path of the
 * logo that administrators may read.
 */
export const toReviewedVersion = (one: AppVersion, app: AppWithoutCredentials, now: Date): AppVersionResponse => ({
  ...toVersionResponse(one, app, now),
  logo: one.logoVersion === undefined ? null : versionLogoPath(one),
});

const versionLogoPath = ({ clientId, version, logoVersion }: AppVersion): string =>
  `/api/review/apps/${encodeURIComponent(clientId)}/logo?version=${version}&v=${logoVersion}`;

/** Converts an event in an app's history. Includes the name of the administrator, which developers don't see. */
export const toReviewEventResponse = ({ at, kind, bySide, who, version, detail }: AppEvent): AppEventResponse => ({
  at: at.toISOString(),
  kind,
  bySide,
  who: who ?? null,
  version: version ?? null,
  detail: { ...detail },
});

/** Returns the fields that an approval would change, with their values before and after. */
export function versionDifferences(app: AppWithoutCredentials, open: AppVersion): VersionDifference[] {
  const [before, after] = [toDraft(app), toDraft(open.terms)];
  const waits = fieldsUnderReview(open, app);
  const fields = differingFields(app, open.terms).map((field) => ({
    field,
    before: before[field],
    after: after[field],
    matters: waits.includes(field),
  }));
  if (!waits.includes('logo')) return fields;
  const now = logoPath(app.clientId, app.logoVersion) ?? null;
  return [...fields, { field: 'logo', before: now, after: versionLogoPath(open), matters: true }];
}
