import { Problem } from '../../kernel/index.ts';
import { countPatientsOf } from '../../oauth/index.ts';
import type { Session } from '../../people/index.ts';
import { listPractices } from '../../practices/index.ts';
import {
  type App,
  type AppVersion,
  findApp,
  findOrganisation,
  findVersions,
  groundsFor,
  hasReader,
  isLocalOnly,
  isOpen,
  listAppEvents,
  listReviewNotes,
  needsTwo,
  wasApproved,
} from '../../registry/index.ts';
import type { Language } from '../../words/index.ts';
import { catalogueIn } from '../apps/catalogue.ts';
import { draftOf } from '../apps/draft.ts';
import type { ReviewAction, ReviewAnswer } from '../contract/review.ts';
import type { PortalDeps } from '../deps.ts';
import { peopleOfOrganisation } from '../organisations/people.ts';
import { appAnswer, differencesOf, eventAnswer, reviewedVersion } from './answers.ts';
import { nameOrNull } from './queue.ts';

type ReadDeps = Pick<PortalDeps, 'db' | 'clock'>;

export async function requireReviewed({ db, clock }: ReadDeps, clientId: string): Promise<App> {
  const app = await findApp(db, clock, clientId);
  if (app !== undefined) return app;
  throw new Problem('not-found', { status: 404, message: `There is no app with the client_id ${clientId}.` });
}

/**
 * Returns everything a decision about an app is based on. @param language language of the questions
 * about health data
 */
export async function reviewOf(
  deps: ReadDeps & Pick<PortalDeps, 'types'>,
  clientId: string,
  session: Session,
  language: Language,
): Promise<ReviewAnswer> {
  const { db, clock } = deps;
  const app = await requireReviewed(deps, clientId);
  const { organisationId } = app;
  const [versions, history, notes, connectedPatients, organisation, people] = await Promise.all([
    findVersions(db, clientId),
    listAppEvents(db, clientId),
    listReviewNotes(db, clientId),
    countPatientsOf(db, clock.now(), app.clientId),
    organisationId === undefined ? undefined : findOrganisation(db, organisationId),
    organisationId === undefined ? [] : peopleOfOrganisation(deps, organisationId),
  ]);
  const open = versions.find(({ state }) => isOpen(state));
  const firstBy = open?.approvedFirstBy;
  return {
    app: {
      ...appAnswer(app, organisation, open, clock.now()),
      open: open === undefined ? null : reviewedVersion(open, app),
      openLogoVersion: open?.logoVersion ?? null,
      terms: draftOf(app),
    },
    people: people.map(({ name, email, role }) => ({ name, email: email ?? null, role })),
    approved: wasApproved(app) ? draftOf(app) : null,
    versions: versions.map((version) => reviewedVersion(version, app)),
    differences: open === undefined || !wasApproved(app) ? [] : differencesOf(app, open),
    history: history.map(eventAnswer),
    notes: notes.map(({ noteId, at, who, content }) => ({ noteId, at: at.toISOString(), who, content })),
    needsTwo: open !== undefined && needsTwo(open.terms),
    localOnly: isLocalOnly((open?.terms ?? app).redirectUris),
    approvedFirstBy: await nameOrNull(db, firstBy),
    approvedFirstByYou: firstBy === session.accountId,
    actions: actionsFor(app, open, firstBy === session.accountId),
    developer: app.developer,
    grounds: {
      reject: [...groundsFor(app.kind, 'reject')],
      suspend: [...groundsFor(app.kind, 'suspend')],
      retire: [...groundsFor(app.kind, 'retire')],
    },
    practices: await practicesOf(deps, app, open),
    questions: catalogueIn(language, deps).dataUse,
    connectedPatients,
  };
}

/** @param approvedFirst whether the caller is the first approver, so that another administrator has to approve */
function actionsFor(app: App, open: AppVersion | undefined, approvedFirst: boolean): ReviewAction[] {
  const { state } = app;
  const actions: ReviewAction[] = [];
  if (open !== undefined && state !== 'retired') {
    if (open.state === 'waiting') actions.push('verify');
    if (!approvedFirst) actions.push('approve');
    if (hasReader(app)) actions.push('ask');
    actions.push('reject');
  }
  if (state === 'active') actions.push('suspend');
  if (state === 'suspended') actions.push('resume');
  if (state !== 'retired') actions.push('retire');
  return actions;
}

async function practicesOf(
  { db }: ReadDeps,
  app: App,
  open: AppVersion | undefined,
): Promise<ReviewAnswer['practices']> {
  if (app.kind !== 'backend') return [];
  const chosen = open?.approvedFirstBy === undefined ? app.practiceIds : open.terms.practiceIds;
  return (await listPractices(db)).map(({ practiceId, name, kind }) => ({
    practiceId,
    name,
    kind,
    chosen: chosen.includes(practiceId),
  }));
}
