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
import type { Executor } from '../../database/index.ts';
import { toDeadlineResponse } from '../../developer-api/index.ts';
import { findDisplayName } from '../../identity/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type {
  ReviewedApp,
  ReviewedAppsQuery,
  ReviewedAppsResponse,
  ReviewQueueItem,
  ReviewQueueQuery,
  ReviewQueueResponse,
} from '../../portal-api/index.ts';
import { paginate } from '../paging.ts';
import type { ReviewData } from './deps.ts';
import { type AppWithoutCredentials, toReviewedApp, toReviewedVersion } from './review-responses.ts';

/** Returns a page of the pending versions that match the filters. */
export async function readQueue(
  data: ReviewData,
  { patientAppReview }: Pick<Config, 'patientAppReview'>,
  question: ReviewQueueQuery,
): Promise<ReviewQueueResponse> {
  const all = await readItems(data);
  const items = all.filter((item) => matchesQuery(item, question)).sort(QUEUE_ORDER[question.sort ?? 'due']);
  const { page, found } = paginate(items, question);
  return {
    items: page,
    found,
    counts: countByState(all),
    mode: patientAppReview,
  };
}

async function readItems(deps: ReviewData): Promise<readonly ReviewQueueItem[]> {
  const { apps, organisations, open } = await readAll(deps);
  const items = apps.flatMap((app) => {
    const version = open.get(app.clientId);
    return version === undefined ? [] : [{ app, version, organisation: organisations.get(app.organisationId ?? '') }];
  });
  return Promise.all(items.map((item) => toItem(deps, item)));
}

async function toItem(
  { db, clock }: ReviewData,
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
    open: toReviewedVersion(version, app, now),
    isChange: wasApproved(app),
    needsTwo: needsTwoApprovers(version.terms),
    approvedFirstBy: await nameOrNull(db, version.approvedFirstBy),
  };
}

export const nameOrNull = async (db: Executor, accountId: AccountId | undefined): Promise<string | null> =>
  accountId === undefined ? null : ((await findDisplayName(db, accountId)) ?? null);

async function readAll({ db }: ReviewData) {
  const [apps, versions, all] = await Promise.all([listApps(db), listPendingVersions(db), listOrganisations(db)]);
  const organisations = new Map<string, Organisation>(all.map((one) => [one.organisationId, one]));
  const open = new Map<string, AppVersion>(versions.map((one) => [one.clientId, one]));
  return { apps, organisations, open };
}

const dueTime = ({ clock }: ReviewQueueItem): number => Date.parse(clock.due);
const submittedTime = ({ open }: ReviewQueueItem): number => Date.parse(open.submittedAt);

type ByOrder<Order extends string, Item> = Readonly<Record<Order, (one: Item, other: Item) => number>>;

const QUEUE_ORDER: ByOrder<NonNullable<ReviewQueueQuery['sort']>, ReviewQueueItem> = {
  due: (one, other) => dueTime(one) - dueTime(other),
  name: (one, other) => compareNames(one.open.terms.name, other.open.terms.name),
  newest: (one, other) => submittedTime(other) - submittedTime(one),
};

export type ListOrder = NonNullable<Static<typeof ReviewedAppsQuery>['sort']>;

/**
 * Returns how apps and organizations are sorted.
 * @param text text of the search, for the order by relevance
 */
export const listOrder = (order: ListOrder, text = ''): ((one: Listed, other: Listed) => number) =>
  order === 'relevance' ? byRelevance(text.trim().toLowerCase()) : LIST_ORDER[order];

interface Listed {
  readonly name: string;
  readonly createdAt: string;
}

const LIST_ORDER: ByOrder<Exclude<ListOrder, 'relevance'>, Listed> = {
  newest: (one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt),
  oldest: (one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt),
  name: (one, other) => compareNames(one.name, other.name),
};

function byRelevance(text: string): (one: Listed, other: Listed) => number {
  const rank = ({ name }: Listed): number => {
    const position = name.toLowerCase().indexOf(text);
    return position === -1 ? 2 : Math.min(position, 1);
  };
  return (one, other) => rank(one) - rank(other) || compareNames(one.name, other.name);
}

const { compare: compareNames } = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

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

/** Returns a page of the apps that match the filters. */
export async function listReviewedApps(
  deps: ReviewData,
  question: Static<typeof ReviewedAppsQuery>,
): Promise<ReviewedAppsResponse> {
  const { apps, organisations, open } = await readAll(deps);
  const now = deps.clock.now();
  const all = apps
    .map((app) => toReviewedApp(app, organisations.get(app.organisationId ?? ''), open.get(app.clientId), now))
    .filter((app) => (question.state === undefined || app.state === question.state) && matchesAppFilters(app, question))
    .reverse()
    .sort(listOrder(question.sort ?? 'newest', question.text));
  const { page, found } = paginate(all, question);
  return { apps: page, found };
}
