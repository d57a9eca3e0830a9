import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cancelStaffInvitation, listOpenStaffInvitations } from '../../enrollment/index.ts';
import { listPractitioners } from '../../fhir/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { listStaffMembers, requireChangeableAccount, type StaffMember } from '../../identity/index.ts';
import { isUuid, sendHtml } from '../../kernel/index.ts';
import type { PracticeSettings } from '../../practices/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { findNotice, formField } from '../form-fields.ts';
import { type InvitationSender, inviteStaff, queueInvitationEmail } from '../invitations/invite.ts';
import { notFound } from '../roles.ts';
import {
  canManageAccount,
  changeAssignment,
  createSecondFactorLink,
  lockColleague,
  removeColleague,
  requireColleague,
  type StaffAssignment,
  unlockColleague,
} from './change-staff.ts';
import {
  type ConfirmStaffPage,
  renderColleaguePage,
  renderInvitedPage,
  renderInvitePage,
  renderLockPage,
  renderRemovePage,
  renderSecondFactorLinkPage,
  renderSecondFactorPage,
  renderStaffList,
  staffPath,
} from './pages.ts';
import { type ParsedStaffInvitation, parseAssignment, parseStaffInvitation } from './parse-staff-form.ts';
import { loadStaffManager, type StaffManager } from './staff-manager.ts';

const STAFF_PATH = '/practice/:practiceId/staff';
const COLLEAGUE_PATH = `${STAFF_PATH}/:accountId`;

const EMPTY_INVITATION: Omit<ParsedStaffInvitation, 'errors'> = {
  name: '',
  email: '',
  roles: [],
  practitionerId: undefined,
};

/**
 * Registers the pages that manage the staff of a practice. The pages are for the administrators of the practice and of
 * the installation.
 */
export function staffRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get(STAFF_PATH, async (request, reply) => {
    const manager = await loadStaffManager(deps, request);
    const { practiceId } = manager.practice;
    return sendHtml(
      reply,
      renderStaffList(pageContextFor(request), {
        ...baseContext(request, reply, manager),
        colleagues: await listStaffMembers(deps.db, practiceId),
        invitations: await listOpenStaffInvitations(deps.db, practiceId, deps.clock.now()),
        directory: await listPractitioners(deps.db, practiceId),
        notice: parseNotice(request.query, manager),
      }),
    );
  });

  app.get(`${STAFF_PATH}/invite`, async (request, reply) =>
    showInvite(request, reply, await loadStaffManager(deps, request), EMPTY_INVITATION, []),
  );

  app.post(`${STAFF_PATH}/invite`, async (request, reply) => {
    const manager = await requirePostManager(request);
    const { practice, session, requestId } = manager;
    const { practiceId } = practice;
    const read = parseStaffInvitation(manager.language, request.body, await listPractitioners(deps.db, practiceId));
    if (read.errors.length > 0) return showInvite(request, reply.code(400), manager, read, read.errors);
    const { name, roles, practitionerId } = read;
    const email = read.email === '' ? undefined : read.email;
    const invited = await deps.db.transaction(async (tx) => {
      const inviter = { accountId: session.accountId, requestId };
      const created = await inviteStaff(tx, deps, inviter, { practiceId, name, email, roles, practitionerId });
      const sender = invitationSender(practice);
      if (email !== undefined) await queueInvitationEmail(tx, deps.post, sender, { ...created, to: email, name });
      return created;
    });
    if (email !== undefined) return reply.redirect(`${staffPath(manager)}?done=invited`, 303);
    return sendHtml(
      reply,
      renderInvitedPage(pageContextFor(request), { ...baseContext(request, reply, manager), name, invited }),
    );
  });

  app.post(`${STAFF_PATH}/invitations/:invitationId/cancel`, async (request, reply) => {
    const manager = await requirePostManager(request);
    const { invitationId = '' } = request.params as { invitationId?: string };
    if (!isUuid(invitationId)) throw notFound();
    await deps.db.transaction(async (tx) => {
      const { practiceId } = manager.practice;
      if (!(await cancelStaffInvitation(tx, invitationId, practiceId, deps.clock.now()))) throw notFound();
      const detail = { action: 'cancel-invitation', practice: practiceId, invitation: invitationId };
      const { accountId } = manager.session;
      await deps.audit.appendInTransaction(tx, {
        kind: 'staff',
        outcome: 'success',
        requestId: request.id,
        accountId,
        detail,
      });
    });
    return reply.redirect(`${staffPath(manager)}?done=cancelled`, 303);
  });

  app.get(COLLEAGUE_PATH, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, loadStaffManager(deps, request));
    return showColleague(request, reply, manager, colleague, colleague, []);
  });

  app.post(COLLEAGUE_PATH, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const read = parseAssignment(
      manager.language,
      request.body,
      await listPractitioners(deps.db, manager.practice.practiceId),
    );
    const { errors, ...job } = read;
    if (errors.length > 0) return showColleague(request, reply.code(400), manager, colleague, job, errors);
    const changeError = await changeAssignment(deps, manager, colleague.accountId, job);
    if (changeError !== undefined)
      return showColleague(request, reply.code(400), manager, colleague, job, lastAdministrator(manager));
    return reply.redirect(`${staffPath(manager)}?done=changed`, 303);
  });

  const PAGES = { remove: renderRemovePage, lock: renderLockPage, 'lost-factor': renderSecondFactorPage } as const;
  for (const [act, page] of Object.entries(PAGES)) {
    app.get(`${COLLEAGUE_PATH}/${act}`, async (request, reply) => {
      const { keeper: manager, colleague } = await loadColleague(request, loadStaffManager(deps, request));
      return sendHtml(reply, page(pageContextFor(request), confirmation(request, reply, manager, colleague)));
    });
  }

  app.post(`${COLLEAGUE_PATH}/remove`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const changeError = await removeColleague(deps, manager, colleague.accountId);
    if (changeError === undefined) return reply.redirect(`${staffPath(manager)}?done=removed`, 303);
    return showColleague(request, reply.code(400), manager, colleague, colleague, lastAdministrator(manager));
  });

  app.post(`${COLLEAGUE_PATH}/lock`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const reason = shortField(request, 'reason');
    if (reason === '') return showAgain(request, reply, manager, colleague, renderLockPage, 'reason');
    await lockColleague(deps, manager, colleague.accountId, reason);
    return reply.redirect(`${staffPath(manager)}?done=locked`, 303);
  });

  app.post(`${COLLEAGUE_PATH}/unlock`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    await unlockColleague(deps, manager, colleague.accountId);
    return reply.redirect(`${staffPath(manager)}?done=unlocked`, 303);
  });

  app.post(`${COLLEAGUE_PATH}/lost-factor`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(request));
    const proofing = shortField(request, 'proofing');
    if (proofing === '') return showAgain(request, reply, manager, colleague, renderSecondFactorPage, 'proofing');
    const link = `${deps.publicUrl}${await createSecondFactorLink(deps, manager, colleague.accountId, proofing)}`;
    const page = { ...confirmation(request, reply, manager, colleague), link };
    return sendHtml(reply, renderSecondFactorLinkPage(pageContextFor(request), page));
  });

  /**
   * Checks a form submission: the CSRF token, whether the person may manage the staff, and that the person doesn't use
   * a shared sandbox account.
   */
  async function requirePostManager(request: FastifyRequest): Promise<StaffManager> {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const manager = await loadStaffManager(deps, request);
    requireChangeableAccount(manager.session);
    return manager;
  }

  async function loadColleague(request: FastifyRequest, managerPromise: Promise<StaffManager>) {
    const manager = await managerPromise;
    const { accountId = '' } = request.params as { accountId?: string };
    return { keeper: manager, colleague: await requireColleague(deps.db, manager.practice.practiceId, accountId) };
  }

  async function showInvite(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: StaffManager,
    values: Omit<ParsedStaffInvitation, 'errors'>,
    errors: readonly FormFieldError[],
  ): Promise<FastifyReply> {
    const directory = await listPractitioners(deps.db, manager.practice.practiceId);
    return sendHtml(
      reply,
      renderInvitePage(pageContextFor(request, staffPath(manager, 'invite')), {
        ...baseContext(request, reply, manager),
        values,
        directory,
        errors,
      }),
    );
  }

  async function showColleague(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: StaffManager,
    colleague: StaffMember,
    job: StaffAssignment,
    errors: readonly FormFieldError[],
  ): Promise<FastifyReply> {
    const directory = await listPractitioners(deps.db, manager.practice.practiceId);
    const canManage = await canManageAccount(deps.db, manager, colleague.accountId);
    const page = {
      ...confirmation(request, reply, manager, colleague, errors),
      job: { ...job, directory },
      canLock: canManage,
    };
    const here = staffPath(manager, colleague.accountId);
    return sendHtml(reply, renderColleaguePage(pageContextFor(request, here), page));
  }

  function showAgain(
    request: FastifyRequest,
    reply: FastifyReply,
    manager: StaffManager,
    colleague: StaffMember,
    page: typeof renderLockPage,
    field: 'reason' | 'proofing',
  ): FastifyReply {
    const data = confirmation(request, reply, manager, colleague, [
      { field, message: staffMessages(manager).errors[field] },
    ]);
    return sendHtml(reply.code(400), page(pageContextFor(request, request.url), data));
  }

  /** Returns the text that confirms the preceding action. The list of staff shows it after a redirect. */
  function parseNotice(query: unknown, { language }: StaffManager): string | undefined {
    const { invitations, staff } = getMessages(language).practicePortal;
    const isUnsent = formField(query, 'done') === 'invited' && !deps.post.canSend;
    return isUnsent ? invitations.unsent : findNotice(query, staff.notices);
  }

  const pageContextFor = (request: FastifyRequest, here?: string) => deps.framing.forStaff(request, here);
  const baseContext = (request: FastifyRequest, reply: FastifyReply, manager: StaffManager) => ({
    manager,
    csrf: deps.cookies.csrf(request, reply),
  });
  const confirmation = (
    request: FastifyRequest,
    reply: FastifyReply,
    manager: StaffManager,
    colleague: StaffMember,
    errors: readonly FormFieldError[] = [],
  ): ConfirmStaffPage => ({ ...baseContext(request, reply, manager), colleague, errors });
}

const shortField = (request: FastifyRequest, name: string): string => formField(request.body, name).trim().slice(0, 64);

const staffMessages = ({ language }: StaffManager) => getMessages(language).practicePortal.staff;

const lastAdministrator = (manager: StaffManager): readonly FormFieldError[] => [
  { field: 'roles', message: staffMessages(manager).errors.lastAdministrator },
];

const invitationSender = ({ practiceId, name, phone, email, timeZone }: PracticeSettings): InvitationSender => ({
  practiceId,
  name,
  phone: phone === '' ? undefined : phone,
  replyTo: email === '' ? undefined : email,
  timeZone,
});
