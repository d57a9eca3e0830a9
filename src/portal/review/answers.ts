import {
  type App,
  type AppEvent,
  type AppVersion,
  clockOf,
  differingFields,
  logoPath,
  type Organisation,
  registeredBy,
} from '../../registry/index.ts';
import { versionAnswer, waitsOf } from '../apps/answers.ts';
import { draftOf } from '../apps/draft.ts';
import type { EventAnswer, VersionAnswer } from '../contract/apps.ts';
import type { ClockAnswer, DifferenceAnswer, OrganisationAnswer, ReviewedApp } from '../contract/review.ts';

export type ListedApp = Omit<App, 'secretHashes'>;

const moment = (at: Date | undefined): string | null => at?.toISOString() ?? null;

export const organisationAnswer = (one: Organisation): OrganisationAnswer => ({
  organisationId: one.organisationId,
  name: one.name,
  domain: one.domain ?? null,
  website: one.website ?? null,
  createdAt: one.createdAt.toISOString(),
  verifiedAt: moment(one.verifiedAt),
});

export function clockAnswer(version: AppVersion, now: Date): ClockAnswer {
  const { step, since, due, businessDays, businessDaysLeft, standing } = clockOf(version, now);
  return { step, since: since.toISOString(), due: due.toISOString(), businessDays, businessDaysLeft, standing };
}

/** @param open the pending version of the app */
export const appAnswer = (
  app: ListedApp,
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
  organisation: organisation === undefined ? null : organisationAnswer(organisation),
  registeredBy: registeredBy(app),
  clock: open === undefined ? null : clockAnswer(open, now),
});

/** Converts a version as for its developers, but with a logo path that administrators may read. */
export const reviewedVersion = (one: AppVersion, app: ListedApp): VersionAnswer => ({
  ...versionAnswer(one, app),
  logo: one.logoVersion === undefined ? null : versionLogoPath(one),
});

const versionLogoPath = ({ clientId, version, logoVersion }: AppVersion): string =>
  `/api/review/apps/${encodeURIComponent(clientId)}/logo?version=${version}&v=${logoVersion}`;

/** Converts an event with the name of the administrator, which developers don't see. */
export const eventAnswer = ({ at, kind, bySide, who, version, detail }: AppEvent): EventAnswer => ({
  at: at.toISOString(),
  kind,
  bySide,
  who: who ?? null,
  version: version ?? null,
  detail: { ...detail },
});

/** Returns what an approval would change, field by field. */
export function differencesOf(app: ListedApp, open: AppVersion): DifferenceAnswer[] {
  const [before, after] = [draftOf(app), draftOf(open.terms)];
  const waits = waitsOf(open, app);
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
