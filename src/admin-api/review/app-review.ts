import {
  type AppVersion,
  allowedGrounds,
  canAskDeveloper,
  findApp,
  findOrganisation,
  findVersions,
  isLocalOnly,
  isPending,
  listAppEvents,
  listReviewNotes,
  needsTwoApprovers,
  wasApproved,
} from '../../apps/index.ts';
import type { Config } from '../../config/index.ts';
import { buildCatalog, toDraft } from '../../developer-api/index.ts';
import type { App, Practice } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { Session } from '../../identity/index.ts';
import { Problem } from '../../kernel/index.ts';
import { countConsentingPatients, type ServedTypes } from '../../oauth/index.ts';
import { type AppReviewResponse, listOrganisationMembers, type ReviewAction } from '../../portal-api/index.ts';
import { listPractices } from '../../practices/index.ts';
import type { ReviewData } from './deps.ts';
import { nameOrNull } from './review-queue.ts';
import { toReviewEventResponse, toReviewedApp, toReviewedVersion, versionDifferences } from './review-responses.ts';

export async function requireReviewedApp(
  { db, clock }: Pick<ReviewData, 'db' | 'clock'>,
  clientId: string,
): Promise<App> {
  const app = await findApp(db, clock, clientId);
  if (app !== undefined) return app;
  throw new Problem('not-found', { status: 404, message: `No app has the client_id ${clientId}.` });
}

/**
 * Returns everything on which administrators base a decision about an app.
 * @param language language of the questions about health data
 */
export async function readAppReview(
  deps: ReviewData & { readonly types: ServedTypes } & Pick<Config, 'fhirRequestsPerMinute'>,
  clientId: string,
  session: Session,
  language: Language,
): Promise<AppReviewResponse> {
  const { db, clock } = deps;
  const app = await requireReviewedApp(deps, clientId);
  const { organisationId } = app;
  const now = clock.now();
  const [versions, history, notes, connectedPatients, organisation, people] = await Promise.all([
    findVersions(db, clientId),
    listAppEvents(db, clientId),
    listReviewNotes(db, clientId),
    countConsentingPatients(db, now, app.clientId),
    organisationId === undefined ? undefined : findOrganisation(db, organisationId),
    organisationId === undefined ? [] : listOrganisationMembers(deps, organisationId),
  ]);
  const open = versions.find(({ state }) => isPending(state));
  const firstBy = open?.approvedFirstBy;
  return {
    app: {
      ...toReviewedApp(app, organisation, open, now),
      open: open === undefined ? null : toReviewedVersion(open, app, now),
      openLogoVersion: open?.logoVersion ?? null,
      terms: toDraft(app),
    },
    people: people.map(({ name, email, role }) => ({ name, email: email ?? null, role })),
    approved: wasApproved(app) ? toDraft(app) : null,
    versions: versions.map((version) => toReviewedVersion(version, app, now)),
    differences: open === undefined || !wasApproved(app) ? [] : versionDifferences(app, open),
    history: history.map(toReviewEventResponse),
    notes: notes.map(({ noteId, at, who, content }) => ({ noteId, at: at.toISOString(), who, content })),
    needsTwo: open !== undefined && needsTwoApprovers(open.terms),
    localOnly: isLocalOnly((open?.terms ?? app).redirectUris),
    approvedFirstBy: await nameOrNull(db, firstBy),
    approvedFirstByYou: firstBy === session.accountId,
    actions: possibleActions(app, open, firstBy === session.accountId),
    developer: app.developer,
    grounds: {
      reject: [...allowedGrounds(app.kind, 'reject')],
      suspend: [...allowedGrounds(app.kind, 'suspend')],
      retire: [...allowedGrounds(app.kind, 'retire')],
    },
    practices: await practiceChoices(deps, app, open),
    questions: buildCatalog(language, deps).dataUse,
    connectedPatients,
    requestLimit: { perMinute: app.requestsPerMinute ?? null, default: deps.fhirRequestsPerMinute },
  };
}

/**
 * Returns the decisions that an administrator may make about an app now.
 * @param approvedFirst whether the caller approved first, so that the second approval has to come
 * from another administrator
 */
function possibleActions(app: App, open: AppVersion | undefined, approvedFirst: boolean): ReviewAction[] {
  const { state } = app;
  const actions: ReviewAction[] = [];
  if (open !== undefined && state !== 'retired') {
    if (open.state === 'waiting') actions.push('verify');
    if (!approvedFirst) actions.push('approve');
    if (canAskDeveloper(app)) actions.push('ask');
    actions.push('reject');
  }
  if (state === 'active') actions.push('suspend');
  if (state === 'suspended') actions.push('resume');
  if (state !== 'retired') actions.push('retire');
  return actions;
}

/** Returns whether an administrator may see a practice. The sandbox's administrator sees those of the sandbox only. */
export const isVisiblePractice =
  (isMadeUp: boolean) =>
  ({ kind }: Practice): boolean =>
    !isMadeUp || kind === 'sandbox';

async function practiceChoices(
  { db, isMadeUp }: ReviewData,
  app: App,
  open: AppVersion | undefined,
): Promise<AppReviewResponse['practices']> {
  if (app.kind !== 'backend') return [];
  const chosen = open?.approvedFirstBy === undefined ? app.practiceIds : open.terms.practiceIds;
  return (await listPractices(db)).filter(isVisiblePractice(isMadeUp)).map(({ practiceId, name, kind }) => ({
    practiceId,
    name,
    kind,
    chosen: chosen.includes(practiceId),
  }));
}
