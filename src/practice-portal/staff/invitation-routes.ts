import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { listPractitioners } from '../../fhir/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import type { PracticeSettings } from '../../practices/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import { hasConfirmedIdentity } from '../confirmed-identity.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import {
  cancelInvitation,
  type InvitationReference,
  type RenewedInvitation,
  renewInvitation,
  requireOpenInvitation,
} from '../invitations/cancel.ts';
import { type InvitationSender, inviteStaff, queueInvitationEmail } from '../invitations/invite.ts';
import { canceledPath } from '../invitations/notice.ts';
import { renderCancelInvitation, renderInvitedPage, renderInvitePage } from './invitation-pages.ts';
import { staffPath } from './pages.ts';
import { type ParsedStaffInvitation, parseStaffInvitation } from './parse-staff-form.ts';
import { loadStaffManager, requirePostManager, STAFF_PATH, type StaffManager } from './staff-manager.ts';

const INVITATION_PATH = `${STAFF_PATH}/invitations/:invitationId`;

const EMPTY_INVITATION: Omit<ParsedStaffInvitation, 'errors'> = {
  name: '',
  email: '',
  roles: [],
  practitionerId: undefined,
};

/** Registers the pages on which administrators invite staff to a practice and cancel invitations. */
export function staffInvitationRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get(`${STAFF_PATH}/invite`, async (request, reply) => {
    const manager = await loadStaffManager(deps, request);
    if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
    return showInvite(request, reply, manager, EMPTY_INVITATION, []);
  });

  app.post(`${STAFF_PATH}/invite`, async (request, reply) => {
    const manager = await requirePostManager(deps, request);
    if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
    const { practiceId } = manager.practice;
    const read = parseStaffInvitation(manager.language, request.body, await listPractitioners(deps.db, practiceId));
    if (read.errors.length > 0) return showInvite(request, reply.code(400), manager, read, read.errors);
    const { name, roles, practitionerId } = read;
    const email = read.email === '' ? undefined : read.email;
    const invited = await deps.db.transaction(async (tx) => {
      const created = await inviteStaff(tx, deps, actorOf(manager), { practiceId, name, email, roles, practitionerId });
      return emailed(tx, manager, { ...created, name, email });
    });
    return showInvited(request, reply, manager, invited);
  });

  app.get(`${INVITATION_PATH}/cancel`, async (request, reply) => {
    const manager = await loadStaffManager(deps, request);
    const invitation = await requireOpenInvitation(deps, referenceIn(request, manager));
    const page = { ...baseContext(request, reply, manager), invitation };
    return sendHtml(reply, renderCancelInvitation(deps.framing.forStaff(request), page));
  });

  app.post(`${INVITATION_PATH}/cancel`, async (request, reply) => {
    const manager = await requirePostManager(deps, request);
    const reference = referenceIn(request, manager);
    await cancelInvitation(deps, actorOf(manager), reference);
    return reply.redirect(canceledPath(staffPath(manager), reference.invitationId), 303);
  });

  app.post(`${INVITATION_PATH}/undo`, async (request, reply) => {
    const manager = await requirePostManager(deps, request);
    if (!hasConfirmedIdentity(deps, manager.session, request, reply, staffPath(manager))) return reply;
    const renewed = await deps.db.transaction(async (tx) => {
      const invited = await renewInvitation(tx, deps, actorOf(manager), referenceIn(request, manager));
      return invited === undefined ? undefined : emailed(tx, manager, invited);
    });
    if (renewed === undefined) return reply.redirect(`${staffPath(manager)}?done=not-undone`, 303);
    return showInvited(request, reply, manager, renewed);
  });

  /** Emails the link, if the invited person has an email address. */
  async function emailed(tx: Executor, { practice }: StaffManager, invited: RenewedInvitation) {
    const { email } = invited;
    if (email !== undefined)
      await queueInvitationEmail(tx, deps.post, invitationSender(practice), { ...invited, to: email });
    return invited;
  }

  /** Shows the link of an invitation that wasn't emailed. It is shown only in this response. */
  function showInvited(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: StaffManager,
    invited: RenewedInvitation,
  ): FastifyReply {
    if (invited.email !== undefined) return reply.redirect(`${staffPath(manager)}?done=invited`, 303);
    const page = { ...baseContext(request, reply, manager), name: invited.name, invited };
    return sendHtml(reply, renderInvitedPage(deps.framing.forStaff(request), page));
  }

  async function showInvite(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: StaffManager,
    values: Omit<ParsedStaffInvitation, 'errors'>,
    errors: readonly FormFieldError[],
  ): Promise<FastifyReply> {
    const directory = await listPractitioners(deps.db, manager.practice.practiceId);
    const page = { ...baseContext(request, reply, manager), values, directory, errors };
    return sendHtml(reply, renderInvitePage(deps.framing.forStaff(request, staffPath(manager, 'invite')), page));
  }

  const baseContext = (request: FastifyRequest, reply: FastifyReply, manager: StaffManager) => ({
    manager,
    csrf: deps.cookies.csrf(request, reply),
  });
}

const actorOf = ({ session, requestId }: StaffManager) => ({ accountId: session.accountId, requestId });

function referenceIn(request: FastifyRequest, { practice }: StaffManager): InvitationReference {
  const { invitationId = '' } = request.params as { invitationId?: string };
  return { invitationId, practiceId: practice.practiceId };
}

const invitationSender = ({ practiceId, name, phone, email, timeZone }: PracticeSettings): InvitationSender => ({
  practiceId,
  name,
  phone: phone === '' ? undefined : phone,
  replyTo: email === '' ? undefined : email,
  timeZone,
});
