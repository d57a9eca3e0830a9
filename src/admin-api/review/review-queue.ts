import type { Static } from 'typebox';
import {
  type AppVersion,
  listApps,
  listOrganisations,
  listPendingVersions,
  needsTwoApprovers,
  type Organisation,
  wasApproved,
} from '../../apps/index.ts';
import type { Config } from '../../config/index.ts';
import { findDisplayName } from '../../identity/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type {
  PortalContext,
  ReviewedApp,
  ReviewedAppsQuery,
  ReviewQueueItem,
  ReviewQueueQuery,
  ReviewQueueResponse,
} from '../../portal-api/index.ts';
import {
  type AppWithoutCredentials,
  toDeadlineResponse,
  toReviewedApp,
  toReviewedVersion,
} from './review-responses.ts';

type ReviewQueueDeps = Pick<PortalContext, 'db' | 'clock'>;

/**
 * Maximum number of versions in a response. A program can register any number of apps, so more
 * versions may be pending; administrators find them by filters.
 */
const MAX_ITEMS = 200;

/** Returns the pending versions that match the filters, earliest deadline first. */
export async function readQueue(
  deps: ReviewQueueDeps & Pick<Config, 'patientAppReview'>,
  question: ReviewQueueQuery,
): Promise<ReviewQueueResponse> {
  const all = await readItems(deps);
  const items = all.filter((item) => matchesQuery(item, question)).sort((one, other) => dueTime(one) - dueTime(other));
  return {
    items: items.slice(0, MAX_ITEMS),
    found: items.length,
    counts: countByState(all),
    mode: deps.patientAppReview,
  };
}

async function readItems(deps: ReviewQueueDeps): Promise<readonly ReviewQueueItem[]> {
  const { apps, organisations, open } = await readAll(deps);
  const items = apps.flatMap((app) => {
    const version = open.get(app.clientId);
    return version === undefined ? [] : [{ app, version, organisation: organisations.get(app.organisationId ?? '') }];
  });
  return Promise.all(items.map((item) => toItem(deps, item)));
}

async function toItem(
  { db, clock }: ReviewQueueDeps,
  {
    app,
    version,
    organisation,
  }: { app: AppWithoutCredentials; version: AppVersion; organisation: Organisation | undefined },
): Promise<ReviewQueueItem> {
  const now = clock.now();
  return {
    ...toReviewedApp(app, organisation, version, now),
    clock: toDeadlineResponse(version, now),
    open: toReviewedVersion(version, app),
    isChange: wasApproved(app),
    needsTwo: needsTwoApprovers(version.terms),
    approvedFirstBy: await nameOrNull(db, version.approvedFirstBy),
  };
}

export const nameOrNull = async (db: PortalContext['db'], accountId: AccountId | undefined): Promise<string | null> =>
  accountId === undefined ? null : ((await findDisplayName(db, accountId)) ?? null);

async function readAll({ db }: ReviewQueueDeps) {
  const [apps, versions, all] = await Promise.all([listApps(db), listPendingVersions(db), listOrganisations(db)]);
  const organisations = new Map<string, Organisation>(all.map((one) => [one.organisationId, one]));
  const open = new Map<string, AppVersion>(versions.map((one) => [one.clientId, one]));
  return { apps, organisations, open };
}

const dueTime = ({ clock }: ReviewQueueItem): number => Date.parse(clock.due);

function matchesQuery(item: ReviewQueueItem, question: ReviewQueueQuery): boolean {
  const { state, standing, changes } = question;
  return (
    (state === undefined || isInState(item, state)) &&
    (standing === undefined || item.clock.standing === standing) &&
    (changes !== true || item.isChange) &&
    matchesAppFilters(item, question)
  );
}

const isInState = ({ open }: ReviewQueueItem, state: NonNullable<ReviewQueueQuery['state']>): boolean =>
  state === 'asked' ? open.askedAt !== null : open.state === state;

/** Returns whether an app matches the filters that all lists of apps have. */
function matchesAppFilters(
  { kind, organisation, registeredBy, name, clientId }: ReviewedApp,
  wanted: Pick<ReviewQueueQuery, 'kind' | 'organisation' | 'registeredBy' | 'text'>,
): boolean {
  const part = (wanted.text ?? '').trim().toLowerCase();
  return (
    (wanted.kind === undefined || kind === wanted.kind) &&
    (wanted.registeredBy === undefined || registeredBy === wanted.registeredBy) &&
    (wanted.organisation === undefined || organisation?.organisationId === wanted.organisation) &&
    `${name}\n${organisation?.name ?? ''}\n${clientId}`.toLowerCase().includes(part)
  );
}

function countByState(items: readonly ReviewQueueItem[]): ReviewQueueResponse['counts'] {
  const count = (fits: (item: ReviewQueueItem) => boolean): number => items.filter(fits).length;
  return {
    waiting: count((item) => isInState(item, 'waiting')),
    verified: count((item) => isInState(item, 'verified')),
    asked: count((item) => isInState(item, 'asked')),
    soon: count(({ clock }) => clock.standing === 'soon'),
    late: count(({ clock }) => clock.standing === 'late'),
  };
}

/** Returns all apps that match the filters, newest first. */
export async function listReviewedApps(
  deps: ReviewQueueDeps,
  question: Static<typeof ReviewedAppsQuery>,
): Promise<ReviewedApp[]> {
  const { apps, organisations, open } = await readAll(deps);
  const now = deps.clock.now();
  return apps
    .map((app) => toReviewedApp(app, organisations.get(app.organisationId ?? ''), open.get(app.clientId), now))
    .filter((app) => (question.state === undefined || app.state === question.state) && matchesAppFilters(app, question))
    .reverse();
}
