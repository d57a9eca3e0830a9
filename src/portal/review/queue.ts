import type { Static } from 'typebox';
import type { AccountId } from '../../kernel/index.ts';
import { nameOfAccount } from '../../people/index.ts';
import {
  type AppVersion,
  listApps,
  listOpenVersions,
  listOrganisations,
  needsTwo,
  type Organisation,
  wasApproved,
} from '../../registry/index.ts';
import type { AppsQuestion, QueueAnswer, QueueItem, QueueQuestion, ReviewedApp } from '../contract/review.ts';
import type { PortalDeps } from '../deps.ts';
import { appAnswer, clockAnswer, type ListedApp, reviewedVersion } from './answers.ts';

type ReadDeps = Pick<PortalDeps, 'db' | 'clock'>;

/** Most items in a response. Anyone can register apps by program, so there may be more; filters find them. */
const MOST_SHOWN = 200;

/** Returns the pending versions that match, earliest deadline first. */
export async function queueFor(
  deps: ReadDeps & Pick<PortalDeps, 'patientAppReview'>,
  question: QueueQuestion,
): Promise<QueueAnswer> {
  const all = await itemsOf(deps);
  const items = all.filter((item) => isAskedFor(item, question)).sort((one, other) => dueOf(one) - dueOf(other));
  return {
    items: items.slice(0, MOST_SHOWN),
    found: items.length,
    counts: countsOf(all),
    mode: deps.patientAppReview,
  };
}

async function itemsOf(deps: ReadDeps): Promise<readonly QueueItem[]> {
  const { apps, organisations, open } = await everything(deps);
  const items = apps.flatMap((app) => {
    const version = open.get(app.clientId);
    return version === undefined ? [] : [{ app, version, organisation: organisations.get(app.organisationId ?? '') }];
  });
  return Promise.all(items.map((item) => itemOf(deps, item)));
}

async function itemOf(
  { db, clock }: ReadDeps,
  { app, version, organisation }: { app: ListedApp; version: AppVersion; organisation: Organisation | undefined },
): Promise<QueueItem> {
  const now = clock.now();
  return {
    ...appAnswer(app, organisation, version, now),
    clock: clockAnswer(version, now),
    open: reviewedVersion(version, app),
    isChange: wasApproved(app),
    needsTwo: needsTwo(version.terms),
    approvedFirstBy: await nameOrNull(db, version.approvedFirstBy),
  };
}

export const nameOrNull = async (db: PortalDeps['db'], accountId: AccountId | undefined): Promise<string | null> =>
  accountId === undefined ? null : ((await nameOfAccount(db, accountId)) ?? null);

async function everything({ db }: ReadDeps) {
  const [apps, versions, all] = await Promise.all([listApps(db), listOpenVersions(db), listOrganisations(db)]);
  const organisations = new Map<string, Organisation>(all.map((one) => [one.organisationId, one]));
  const open = new Map<string, AppVersion>(versions.map((one) => [one.clientId, one]));
  return { apps, organisations, open };
}

const dueOf = ({ clock }: QueueItem): number => Date.parse(clock.due);

function isAskedFor(item: QueueItem, question: QueueQuestion): boolean {
  const { state, standing, changes } = question;
  return (
    (state === undefined || isIn(item, state)) &&
    (standing === undefined || item.clock.standing === standing) &&
    (changes !== true || item.isChange) &&
    isAbout(item, question)
  );
}

const isIn = ({ open }: QueueItem, state: NonNullable<QueueQuestion['state']>): boolean =>
  state === 'asked' ? open.askedAt !== null : open.state === state;

/** Filters shared by all lists of apps. */
function isAbout(
  { kind, organisation, registeredBy, name, clientId }: ReviewedApp,
  wanted: Pick<QueueQuestion, 'kind' | 'organisation' | 'registeredBy' | 'text'>,
): boolean {
  const part = (wanted.text ?? '').trim().toLowerCase();
  return (
    (wanted.kind === undefined || kind === wanted.kind) &&
    (wanted.registeredBy === undefined || registeredBy === wanted.registeredBy) &&
    (wanted.organisation === undefined || organisation?.organisationId === wanted.organisation) &&
    `${name}\n${organisation?.name ?? ''}\n${clientId}`.toLowerCase().includes(part)
  );
}

function countsOf(items: readonly QueueItem[]): QueueAnswer['counts'] {
  const count = (fits: (item: QueueItem) => boolean): number => items.filter(fits).length;
  return {
    waiting: count((item) => isIn(item, 'waiting')),
    verified: count((item) => isIn(item, 'verified')),
    asked: count((item) => isIn(item, 'asked')),
    soon: count(({ clock }) => clock.standing === 'soon'),
    late: count(({ clock }) => clock.standing === 'late'),
  };
}

/** Returns all apps that match, newest first. */
export async function appsFor(deps: ReadDeps, question: Static<typeof AppsQuestion>): Promise<ReviewedApp[]> {
  const { apps, organisations, open } = await everything(deps);
  const now = deps.clock.now();
  return apps
    .map((app) => appAnswer(app, organisations.get(app.organisationId ?? ''), open.get(app.clientId), now))
    .filter((app) => (question.state === undefined || app.state === question.state) && isAbout(app, question))
    .reverse();
}
