import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listPractitioners } from '../../fhir/index.ts';
import { isUuid } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { type Colleague, colleaguesAt, requireChangeable } from '../../people/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { fieldOf } from '../given.ts';
import { inviteStaff, mailInvitation, UNSENT } from '../invitations/invite.ts';
import { cancelInvitation, openInvitations } from '../invitations/store.ts';
import { notFound } from '../roles.ts';
import {
  changeJob,
  isOwn,
  letInAgain,
  lockColleague,
  type NewJob,
  removeColleague,
  requireColleague,
  unlockColleague,
} from './change.ts';
import { type Keeper, staffKeeper } from './keeper.ts';
import {
  type ConfirmPage,
  colleaguePage,
  invitedPage,
  invitePage,
  lockPage,
  lostFactorLinkPage,
  lostFactorPage,
  removePage,
  staffListPage,
  staffPath,
} from './pages.ts';
import { type ReadInvitation, readInvitation, readJob } from './read-job.ts';

const PATH = '/practice/:practiceId/staff';
const ONE = `${PATH}/:accountId`;

const NOBODY: Omit<ReadInvitation, 'faults'> = { name: '', email: '', roles: [], practitionerId: undefined };
const LAST: FieldFault = {
  field: 'roles',
  message: 'You are the only administrator of this practice. Make somebody else one first',
};

/** Who works at a practice: for its administrators, and those of the installation. */
export function staffRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get(PATH, async (request, reply) => {
    const keeper = await staffKeeper(deps, request);
    const { practiceId } = keeper.practice;
    return send(
      reply,
      staffListPage(frameOf(request), {
        ...basis(request, reply, keeper),
        colleagues: await colleaguesAt(deps.db, practiceId),
        invitations: await openInvitations(deps.db, practiceId, deps.clock.now()),
        directory: await listPractitioners(deps.db, practiceId),
        done: doneIn(request.query, deps.post),
      }),
    );
  });

  app.get(`${PATH}/invite`, async (request, reply) =>
    showInvite(request, reply, await staffKeeper(deps, request), NOBODY, []),
  );

  app.post(`${PATH}/invite`, async (request, reply) => {
    const keeper = await keeperOfPost(request);
    const { practice, session, requestId } = keeper;
    const { practiceId, timeZone } = practice;
    const read = readInvitation(request.body, await listPractitioners(deps.db, practiceId));
    if (read.faults.length > 0) return showInvite(request, reply.code(400), keeper, read, read.faults);
    const { name, roles, practitionerId } = read;
    const email = read.email === '' ? undefined : read.email;
    const invited = await deps.db.transaction(async (tx) => {
      const by = { accountId: session.accountId, requestId };
      const made = await inviteStaff(tx, deps, by, { practiceId, name, email, roles, practitionerId });
      const sender = { name: practice.name, replyTo: practice.email === '' ? undefined : practice.email, timeZone };
      if (email !== undefined) await mailInvitation(tx, deps.post, sender, { ...made, to: email, name });
      return made;
    });
    if (email !== undefined) return reply.redirect(`${staffPath(keeper)}?done=invited`, 303);
    return send(reply, invitedPage(frameOf(request), { ...basis(request, reply, keeper), name, invited }));
  });

  app.post(`${PATH}/invitations/:invitationId/cancel`, async (request, reply) => {
    const keeper = await keeperOfPost(request);
    const { invitationId = '' } = request.params as { invitationId?: string };
    if (!isUuid(invitationId)) throw notFound();
    await deps.db.transaction(async (tx) => {
      const { practiceId } = keeper.practice;
      if (!(await cancelInvitation(tx, invitationId, practiceId, deps.clock.now()))) throw notFound();
      const detail = { action: 'cancel-invitation', practice: practiceId, invitation: invitationId };
      const { accountId } = keeper.session;
      await deps.audit.recordWithin(tx, {
        kind: 'staff',
        outcome: 'success',
        requestId: request.id,
        accountId,
        detail,
      });
    });
    return reply.redirect(`${staffPath(keeper)}?done=cancelled`, 303);
  });

  app.get(ONE, async (request, reply) => {
    const { keeper, colleague } = await colleagueOf(request, staffKeeper(deps, request));
    return showColleague(request, reply, keeper, colleague, colleague, []);
  });

  app.post(ONE, async (request, reply) => {
    const { keeper, colleague } = await colleagueOf(request, keeperOfPost(request));
    const read = readJob(request.body, await listPractitioners(deps.db, keeper.practice.practiceId));
    const { faults, ...job } = read;
    if (faults.length > 0) return showColleague(request, reply.code(400), keeper, colleague, job, faults);
    const refusal = await changeJob(deps, keeper, colleague.accountId, job);
    if (refusal !== undefined) return showColleague(request, reply.code(400), keeper, colleague, job, [LAST]);
    return reply.redirect(`${staffPath(keeper)}?done=changed`, 303);
  });

  const PAGES = { remove: removePage, lock: lockPage, 'lost-factor': lostFactorPage } as const;
  for (const [act, page] of Object.entries(PAGES)) {
    app.get(`${ONE}/${act}`, async (request, reply) => {
      const { keeper, colleague } = await colleagueOf(request, staffKeeper(deps, request));
      return send(reply, page(frameOf(request), confirmation(request, reply, keeper, colleague)));
    });
  }

  app.post(`${ONE}/remove`, async (request, reply) => {
    const { keeper, colleague } = await colleagueOf(request, keeperOfPost(request));
    const refusal = await removeColleague(deps, keeper, colleague.accountId);
    if (refusal === undefined) return reply.redirect(`${staffPath(keeper)}?done=removed`, 303);
    return showColleague(request, reply.code(400), keeper, colleague, colleague, [LAST]);
  });

  app.post(`${ONE}/lock`, async (request, reply) => {
    const { keeper, colleague } = await colleagueOf(request, keeperOfPost(request));
    const reason = few(request, 'reason');
    if (reason === '') return again(request, reply, keeper, colleague, lockPage, 'reason', 'Write in a few words why');
    await lockColleague(deps, keeper, colleague.accountId, reason);
    return reply.redirect(`${staffPath(keeper)}?done=locked`, 303);
  });

  app.post(`${ONE}/unlock`, async (request, reply) => {
    const { keeper, colleague } = await colleagueOf(request, keeperOfPost(request));
    await unlockColleague(deps, keeper, colleague.accountId);
    return reply.redirect(`${staffPath(keeper)}?done=unlocked`, 303);
  });

  app.post(`${ONE}/lost-factor`, async (request, reply) => {
    const { keeper, colleague } = await colleagueOf(request, keeperOfPost(request));
    const proofing = few(request, 'proofing');
    if (proofing === '')
      return again(
        request,
        reply,
        keeper,
        colleague,
        lostFactorPage,
        'proofing',
        'Write in a few words how you made sure',
      );
    const link = `${deps.publicUrl}${await letInAgain(deps, keeper, colleague.accountId, proofing)}`;
    const page = { ...confirmation(request, reply, keeper, colleague), link };
    return send(reply, lostFactorLinkPage(frameOf(request), page));
  });

  /** Of a form: it came from a page of ours, by somebody whose account is their own. */
  async function keeperOfPost(request: FastifyRequest): Promise<Keeper> {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const keeper = await staffKeeper(deps, request);
    requireChangeable(keeper.session);
    return keeper;
  }

  async function colleagueOf(request: FastifyRequest, asking: Promise<Keeper>) {
    const keeper = await asking;
    const { accountId = '' } = request.params as { accountId?: string };
    return { keeper, colleague: await requireColleague(deps.db, keeper.practice.practiceId, accountId) };
  }

  async function showInvite(
    request: FastifyRequest,
    reply: FastifyReply,
    keeper: Keeper,
    given: Omit<ReadInvitation, 'faults'>,
    faults: readonly FieldFault[],
  ): Promise<FastifyReply> {
    const directory = await listPractitioners(deps.db, keeper.practice.practiceId);
    return send(reply, invitePage(frameOf(request), { ...basis(request, reply, keeper), given, directory, faults }));
  }

  async function showColleague(
    request: FastifyRequest,
    reply: FastifyReply,
    keeper: Keeper,
    colleague: Colleague,
    job: NewJob,
    faults: readonly FieldFault[],
  ): Promise<FastifyReply> {
    const directory = await listPractitioners(deps.db, keeper.practice.practiceId);
    const own = await isOwn(deps.db, keeper, colleague.accountId);
    const page = { ...confirmation(request, reply, keeper, colleague, faults), job: { ...job, directory }, own };
    return send(reply, colleaguePage(frameOf(request), page));
  }

  function again(
    request: FastifyRequest,
    reply: FastifyReply,
    keeper: Keeper,
    colleague: Colleague,
    page: typeof lockPage,
    field: string,
    message: string,
  ): FastifyReply {
    const shown = confirmation(request, reply, keeper, colleague, [{ field, message }]);
    return send(reply.code(400), page(frameOf(request), shown));
  }

  const frameOf = (request: FastifyRequest) => deps.framing.forStaff(request);
  const basis = (request: FastifyRequest, reply: FastifyReply, keeper: Keeper) => ({
    keeper,
    csrf: deps.cookies.csrf(request, reply),
  });
  const confirmation = (
    request: FastifyRequest,
    reply: FastifyReply,
    keeper: Keeper,
    colleague: Colleague,
    faults: readonly FieldFault[] = [],
  ): ConfirmPage => ({ ...basis(request, reply, keeper), colleague, faults });
}

const send = (reply: FastifyReply, page: string): FastifyReply => reply.type('text/html; charset=utf-8').send(page);

const few = (request: FastifyRequest, name: string): string => fieldOf(request.body, name).trim().slice(0, 64);

/** @returns what a redirect back to the list says was done */
const doneIn = (query: unknown, { sends }: OfficeDeps['post']): string | undefined => {
  const done = fieldOf(query, 'done');
  return done === 'invited' && !sends ? UNSENT : DONE[done];
};

const DONE: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  invited: 'The invitation is on its way.',
  cancelled: 'The invitation is taken back: its link opens nothing.',
  changed: 'Saved.',
  removed: 'Removed. What apps could see through this person ended with it.',
  locked: 'The account is locked.',
  unlocked: 'The account is unlocked.',
});
