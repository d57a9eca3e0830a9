import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasSecondAdministrator } from '../../approvals/index.ts';
import type { Executor } from '../../database/index.ts';
import { listOpenStaffInvitations } from '../../enrollment/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { type Administrator, hasRecentAuthentication, listAdministrators, type Session } from '../../identity/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import {
  cancelInvitation,
  type InvitationReference,
  type RenewedInvitation,
  renewInvitation,
  requireOpenInvitation,
} from '../invitations/cancel.ts';
import { queueInvitationEmail } from '../invitations/invite.ts';
import { canceledPath, findStaffNotice } from '../invitations/notice.ts';
import { notFound } from '../roles.ts';
import { parseInvitee } from '../staff/parse-staff-form.ts';
import { ADMINISTRATORS_PATH } from './administration-page.ts';
import {
  inviteAdministratorAction,
  removeAdministratorAction,
  removeFromAdministrators,
} from './administrator-actions.ts';
import {
  renderAdministratorInvited,
  renderAdministratorList,
  renderCancelAdministratorInvitation,
  renderInviteAdministrator,
  renderRemoveAdministrator,
} from './administrator-pages.ts';
import { requirePostSession } from './require-post-session.ts';

const INVITATION_PATH = `${ADMINISTRATORS_PATH}/invitations/:invitationId`;

/** Registers the pages that manage the administrators of the installation. */
export function administratorRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  const { db, approvals } = deps;

  app.get(ADMINISTRATORS_PATH, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    return showAdministrators(request, reply, session, undefined);
  });

  app.get(`${ADMINISTRATORS_PATH}/invite`, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    if (!hasRecentAuthentication(deps, session, request, reply)) return reply;
    const page = { ...baseContext(request, reply, session), name: '', email: '', errors: [] };
    return sendHtml(reply, renderInviteAdministrator(pageContextFor(request), page));
  });

  app.post(`${ADMINISTRATORS_PATH}/invite`, async (request, reply) => {
    const session = await requirePostSession(deps, request);
    if (!hasRecentAuthentication(deps, session, request, reply)) return reply;
    const read = parseInvitee(pageContextFor(request).language, request.body);
    const { name } = read;
    const email = read.email === '' ? undefined : read.email;
    const needsEmail = email === undefined && (await hasSecondAdministrator(db, deps.clock.now(), session.accountId));
    const missing = { field: 'email', message: messagesFor(request).emailNeeded };
    const errors = [...read.errors, ...(needsEmail ? [missing] : [])];
    const page = { ...baseContext(request, reply, session), ...read, errors };
    if (errors.length > 0)
      return sendHtml(
        reply.code(400),
        renderInviteAdministrator(pageContextFor(request, `${ADMINISTRATORS_PATH}/invite`), page),
      );
    const order = {
      subject: email === undefined ? name : `${name} (${email})`,
      parameters: { name, email: email ?? null },
      ...orderOf(request, session),
    };
    const submitted = await db.transaction((tx) => approvals.submit(tx, inviteAdministratorAction(deps), order));
    if (submitted.outcome === 'requested') return reply.redirect(`${ADMINISTRATORS_PATH}?done=requested`, 303);
    return showInvited(request, reply, session, { ...submitted.result, name, email });
  });

  app.get(`${INVITATION_PATH}/cancel`, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    const invitation = await requireOpenInvitation(deps, referenceIn(request));
    const page = { ...baseContext(request, reply, session), invitation, sender: deps.brandName };
    return sendHtml(reply, renderCancelAdministratorInvitation(pageContextFor(request), page));
  });

  app.post(`${INVITATION_PATH}/cancel`, async (request, reply) => {
    const session = await requirePostSession(deps, request);
    const reference = referenceIn(request);
    await cancelInvitation(deps, actorOf(request, session), reference);
    return reply.redirect(canceledPath(ADMINISTRATORS_PATH, reference.invitationId), 303);
  });

  app.post(`${INVITATION_PATH}/undo`, async (request, reply) => {
    const session = await requirePostSession(deps, request);
    if (!hasRecentAuthentication(deps, session, request, reply, ADMINISTRATORS_PATH)) return reply;
    const renewed = await db.transaction(async (tx) => {
      const invited = await renewInvitation(tx, deps, actorOf(request, session), referenceIn(request));
      return invited === undefined ? undefined : emailed(tx, invited);
    });
    if (renewed === undefined) return reply.redirect(`${ADMINISTRATORS_PATH}?done=not-undone`, 303);
    return showInvited(request, reply, session, renewed);
  });

  app.get(`${ADMINISTRATORS_PATH}/:accountId/remove`, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    if (!hasRecentAuthentication(deps, session, request, reply)) return reply;
    const administrator = await requireAdministrator(request);
    const page = { ...baseContext(request, reply, session), administrator };
    return sendHtml(reply, renderRemoveAdministrator(pageContextFor(request), page));
  });

  app.post(`${ADMINISTRATORS_PATH}/:accountId/remove`, async (request, reply) => {
    const session = await requirePostSession(deps, request);
    if (!hasRecentAuthentication(deps, session, request, reply)) return reply;
    const { accountId, displayName } = await requireAdministrator(request);
    if (accountId === session.accountId) return leave(request, reply, session);
    const order = { subject: displayName, parameters: { accountId }, ...orderOf(request, session) };
    const { outcome } = await db.transaction((tx) => approvals.submit(tx, removeAdministratorAction(deps), order));
    const notice = outcome === 'done' ? 'removed' : 'requested';
    return reply.redirect(`${ADMINISTRATORS_PATH}?done=${notice}`, 303);
  });

  /** Removes the signed-in administrator. Giving up one's own rights needs no approval. */
  async function leave(request: FastifyRequest, reply: FastifyReply, session: Session): Promise<FastifyReply> {
    const { displayName: who } = session;
    const outcome = await db.transaction(async (tx) => {
      await approvals.announce(tx, { action: 'leave-administrators', subject: who, event: { kind: 'at-once', who } });
      return removeFromAdministrators(tx, deps, actorOf(request, session), session.accountId);
    });
    if (outcome === 'none') throw notFound();
    if (outcome === 'last') return showAdministrators(request, reply.code(400), session, messagesFor(request).last);
    return reply.redirect('/practice', 303);
  }

  async function requireAdministrator(request: FastifyRequest): Promise<Administrator> {
    const { accountId } = request.params as { accountId?: string };
    const administrator = (await listAdministrators(db)).find((one) => one.accountId === accountId);
    if (administrator === undefined) throw notFound();
    return administrator;
  }

  /** Emails the link, if the invited person has an email address. */
  async function emailed(tx: Executor, invited: RenewedInvitation): Promise<RenewedInvitation> {
    const { email } = invited;
    const sender = { name: deps.brandName, replyTo: undefined, timeZone: 'UTC' };
    if (email !== undefined) await queueInvitationEmail(tx, deps.post, sender, { ...invited, to: email });
    return invited;
  }

  /** Shows the link of an invitation that wasn't emailed. It is shown only in this response. */
  function showInvited(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    invited: RenewedInvitation,
  ): FastifyReply {
    if (invited.email !== undefined) return reply.redirect(`${ADMINISTRATORS_PATH}?done=invited`, 303);
    const page = { ...baseContext(request, reply, session), name: invited.name, invited };
    return sendHtml(reply, renderAdministratorInvited(pageContextFor(request), page));
  }

  async function showAdministrators(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    errorMessage: string | undefined,
  ): Promise<FastifyReply> {
    const pageContext = pageContextFor(request, ADMINISTRATORS_PATH);
    const base = baseContext(request, reply, session);
    const done = await findStaffNotice(deps, request.query, {
      language: pageContext.language,
      practiceId: undefined,
      listPath: ADMINISTRATORS_PATH,
      csrf: base.csrf,
      notices: messagesFor(request).notices,
    });
    const page = {
      ...base,
      administrators: await listAdministrators(db),
      invitations: await listOpenStaffInvitations(db, undefined, deps.clock.now()),
      error: errorMessage,
      done,
    };
    return sendHtml(reply, renderAdministratorList(pageContext, page));
  }

  const pageContextFor = (request: FastifyRequest, here?: string) => deps.framing.forStaff(request, here);
  const messagesFor = (request: FastifyRequest) =>
    getMessages(pageContextFor(request).language).practicePortal.administration.administrators;
  const baseContext = (request: FastifyRequest, reply: FastifyReply, session: Session) => ({
    session,
    csrf: deps.cookies.csrf(request, reply),
  });
}

const orderOf = (request: FastifyRequest, { accountId }: Session) => ({ by: accountId, requestId: request.id });

const actorOf = (request: FastifyRequest, { accountId }: Session) => ({ accountId, requestId: request.id });

function referenceIn(request: FastifyRequest): InvitationReference {
  const { invitationId = '' } = request.params as { invitationId?: string };
  return { invitationId, practiceId: undefined };
}
