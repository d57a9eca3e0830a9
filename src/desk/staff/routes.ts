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

/** Registers the pages that manage the staff of a practice, for its administrators and those of the installation. */
export function staffRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get(PATH, async (request, reply) => {
    const manager = await staffKeeper(deps, request);
    const { practiceId } = manager.practice;
    return send(
      reply,
      staffListPage(pageContextFor(request), {
        ...baseContext(request, reply, manager),
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
    const manager = await requirePostManager(request);
    const { practice, session, requestId } = manager;
    const { practiceId, timeZone } = practice;
    const read = readInvitation(request.body, await listPractitioners(deps.db, practiceId));
    if (read.faults.length > 0) return showInvite(request, reply.code(400), manager, read, read.faults);
    const { name, roles, practitionerId } = read;
    const email = read.email === '' ? undefined : read.email;
    const invited = await deps.db.transaction(async (tx) => {
      const inviter = { accountId: session.accountId, requestId };
      const created = await inviteStaff(tx, deps, inviter, { practiceId, name, email, roles, practitionerId });
      const sender = { name: practice.name, replyTo: practice.email === '' ? undefined : practice.email, timeZone };
      if (email !== undefined) await mailInvitation(tx, deps.post, sender, { ...created, to: email, name });
      return created;
    });
    if (email !== undefined) return reply.redirect(`${staffPath(manager)}?done=invited`, 303);
    return send(
      reply,
      invitedPage(pageContextFor(request), { ...baseContext(request, reply, manager), name, invited }),
    );
  });

  app.post(`${PATH}/invitations/:invitationId/cancel`, async (request, reply) => {
    const manager = await requirePostManager(request);
    const { invitationId = '' } = request.params as { invitationId?: string };
    if (!isUuid(invitationId)) throw notFound();
    await deps.db.transaction(async (tx) => {
      const { practiceId } = manager.practice;
      if (!(await cancelInvitation(tx, invitationId, practiceId, deps.clock.now()))) throw notFound();
      const detail = { action: 'cancel-invitation', practice: practiceId, invitation: invitationId };
      const { accountId } = manager.session;
      await deps.audit.recordWithin(tx, {
        kind: 'staff',
        outcome: 'success',
        requestId: request.id,
        accountId,
        detail,
      });
    });
    return reply.redirect(`${staffPath(manager)}?done=cancelled`, 303);
  });

  app.get(ONE, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, staffKeeper(deps, request));
    return showColleague(request, reply, manager, colleague, colleague, []);
  });

  app.post(ONE, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const read = readJob(request.body, await listPractitioners(deps.db, manager.practice.practiceId));
    const { faults: errors, ...job } = read;
    if (errors.length > 0) return showColleague(request, reply.code(400), manager, colleague, job, errors);
    const changeError = await changeJob(deps, manager, colleague.accountId, job);
    if (changeError !== undefined) return showColleague(request, reply.code(400), manager, colleague, job, [LAST]);
    return reply.redirect(`${staffPath(manager)}?done=changed`, 303);
  });

  const PAGES = { remove: removePage, lock: lockPage, 'lost-factor': lostFactorPage } as const;
  for (const [act, page] of Object.entries(PAGES)) {
    app.get(`${ONE}/${act}`, async (request, reply) => {
      const { keeper: manager, colleague } = await loadColleague(request, staffKeeper(deps, request));
      return send(reply, page(pageContextFor(request), confirmation(request, reply, manager, colleague)));
    });
  }

  app.post(`${ONE}/remove`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const changeError = await removeColleague(deps, manager, colleague.accountId);
    if (changeError === undefined) return reply.redirect(`${staffPath(manager)}?done=removed`, 303);
    return showColleague(request, reply.code(400), manager, colleague, colleague, [LAST]);
  });

  app.post(`${ONE}/lock`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const reason = few(request, 'reason');
    if (reason === '')
      return showAgain(request, reply, manager, colleague, lockPage, 'reason', 'Write in a few words why');
    await lockColleague(deps, manager, colleague.accountId, reason);
    return reply.redirect(`${staffPath(manager)}?done=locked`, 303);
  });

  app.post(`${ONE}/unlock`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    await unlockColleague(deps, manager, colleague.accountId);
    return reply.redirect(`${staffPath(manager)}?done=unlocked`, 303);
  });

  app.post(`${ONE}/lost-factor`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const proofing = few(request, 'proofing');
    if (proofing === '')
      return showAgain(
        request,
        reply,
        manager,
        colleague,
        lostFactorPage,
        'proofing',
        'Write in a few words how you made sure',
      );
    const link = `${deps.publicUrl}${await letInAgain(deps, manager, colleague.accountId, proofing)}`;
    const page = { ...confirmation(request, reply, manager, colleague), link };
    return send(reply, lostFactorLinkPage(pageContextFor(request), page));
  });

  /** Checks a form submission: the CSRF token, the manager, and that the account isn't a shared sandbox account. */
  async function requirePostManager(request: FastifyRequest): Promise<Keeper> {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const manager = await staffKeeper(deps, request);
    requireChangeable(manager.session);
    return manager;
  }

  async function loadColleague(request: FastifyRequest, managerPromise: Promise<Keeper>) {
    const manager = await managerPromise;
    const { accountId = '' } = request.params as { accountId?: string };
    return { keeper: manager, colleague: await requireColleague(deps.db, manager.practice.practiceId, accountId) };
  }

  async function showInvite(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: Keeper,
    values: Omit<ReadInvitation, 'faults'>,
    errors: readonly FieldFault[],
  ): Promise<FastifyReply> {
    const directory = await listPractitioners(deps.db, manager.practice.practiceId);
    return send(
      reply,
      invitePage(pageContextFor(request), {
        ...baseContext(request, reply, manager),
        given: values,
        directory,
        faults: errors,
      }),
    );
  }

  async function showColleague(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: Keeper,
    colleague: Colleague,
    job: NewJob,
    errors: readonly FieldFault[],
  ): Promise<FastifyReply> {
    const directory = await listPractitioners(deps.db, manager.practice.practiceId);
    const canManage = await isOwn(deps.db, manager, colleague.accountId);
    const page = {
      ...confirmation(request, reply, manager, colleague, errors),
      job: { ...job, directory },
      own: canManage,
    };
    return send(reply, colleaguePage(pageContextFor(request), page));
  }

  function showAgain(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: Keeper,
    colleague: Colleague,
    page: typeof lockPage,
    field: string,
    message: string,
  ): FastifyReply {
    const data = confirmation(request, reply, manager, colleague, [{ field, message }]);
    return send(reply.code(400), page(pageContextFor(request), data));
  }

  const pageContextFor = (request: FastifyRequest) => deps.framing.forStaff(request);
  const baseContext = (request: FastifyRequest, reply: FastifyReply, manager: Keeper) => ({
    keeper: manager,
    csrf: deps.cookies.csrf(request, reply),
  });
  const confirmation = (
    request: FastifyRequest,
    reply: FastifyReply,
    manager: Keeper,
    colleague: Colleague,
    errors: readonly FieldFault[] = [],
  ): ConfirmPage => ({ ...baseContext(request, reply, manager), colleague, faults: errors });
}

const send = (reply: FastifyReply, page: string): FastifyReply => reply.type('text/html; charset=utf-8').send(page);

const few = (request: FastifyRequest, name: string): string => fieldOf(request.body, name).trim().slice(0, 64);

/** @returns the confirmation to show after a redirect back to the list */
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
