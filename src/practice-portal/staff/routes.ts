import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listOpenStaffInvitations } from '../../enrollment/index.ts';
import { listPractitioners } from '../../fhir/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { listStaffMembers, type StaffMember } from '../../identity/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import { hasConfirmedIdentity } from '../confirmed-identity.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField } from '../form-fields.ts';
import { findStaffNotice } from '../invitations/notice.ts';
import {
  canManageAccount,
  changeAssignment,
  createSecondFactorLink,
  isAdministratorAccount,
  lockColleague,
  removeColleague,
  requireColleague,
  type StaffAssignment,
  unlockColleague,
} from './change-staff.ts';
import {
  type ConfirmStaffPage,
  renderColleaguePage,
  renderLockPage,
  renderRemovePage,
  renderSecondFactorLinkPage,
  renderSecondFactorPage,
  renderStaffList,
  staffPath,
} from './pages.ts';
import { parseAssignment } from './parse-staff-form.ts';
import { loadStaffManager, requirePostManager, STAFF_PATH, type StaffManager } from './staff-manager.ts';

const COLLEAGUE_PATH = `${STAFF_PATH}/:accountId`;

/**
 * Registers the pages that manage the staff of a practice. The pages are for the administrators of the practice and of
 * the installation.
 */
export function staffRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get(STAFF_PATH, async (request, reply) => {
    const manager = await loadStaffManager(deps, request);
    const { practiceId } = manager.practice;
    const base = baseContext(request, reply, manager);
    const notice = await findStaffNotice(deps, request.query, {
      language: manager.language,
      practiceId,
      listPath: staffPath(manager),
      csrf: base.csrf,
      notices: staffMessages(manager).notices,
    });
    const page = {
      ...base,
      colleagues: await listStaffMembers(deps.db, practiceId),
      invitations: await listOpenStaffInvitations(deps.db, practiceId, deps.clock.now()),
      directory: await listPractitioners(deps.db, practiceId),
      notice,
    };
    return sendHtml(reply, renderStaffList(pageContextFor(request), page));
  });

  app.get(COLLEAGUE_PATH, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, loadStaffManager(deps, request));
    if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
    return showColleague(request, reply, manager, colleague, colleague, []);
  });

  app.post(COLLEAGUE_PATH, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(deps, request));
    if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
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
      if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
      return sendHtml(reply, page(pageContextFor(request), confirmation(request, reply, manager, colleague)));
    });
  }

  app.post(`${COLLEAGUE_PATH}/remove`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(deps, request));
    if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
    const changeError = await removeColleague(deps, manager, colleague.accountId);
    if (changeError === undefined) return reply.redirect(`${staffPath(manager)}?done=removed`, 303);
    return showColleague(request, reply.code(400), manager, colleague, colleague, lastAdministrator(manager));
  });

  app.post(`${COLLEAGUE_PATH}/lock`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(deps, request));
    if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
    const reason = shortField(request, 'reason');
    if (reason === '') return showAgain(request, reply, manager, colleague, renderLockPage, 'reason');
    await lockColleague(deps, manager, colleague.accountId, reason);
    return reply.redirect(`${staffPath(manager)}?done=locked`, 303);
  });

  app.post(`${COLLEAGUE_PATH}/unlock`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(deps, request));
    const page = staffPath(manager, colleague.accountId);
    if (!hasConfirmedIdentity(deps, manager.session, request, reply, page)) return reply;
    await unlockColleague(deps, manager, colleague.accountId);
    return reply.redirect(`${staffPath(manager)}?done=unlocked`, 303);
  });

  app.post(`${COLLEAGUE_PATH}/lost-factor`, async (request, reply) => {
    const { keeper: manager, colleague } = await loadColleague(request, requirePostManager(deps, request));
    if (!hasConfirmedIdentity(deps, manager.session, request, reply)) return reply;
    const proofing = shortField(request, 'proofing');
    if (proofing === '') return showAgain(request, reply, manager, colleague, renderSecondFactorPage, 'proofing');
    const link = `${deps.publicUrl}${await createSecondFactorLink(deps, manager, colleague.accountId, proofing)}`;
    const page = { ...confirmation(request, reply, manager, colleague), link };
    return sendHtml(reply, renderSecondFactorLinkPage(pageContextFor(request), page));
  });

  async function loadColleague(request: FastifyRequest, managerPromise: Promise<StaffManager>) {
    const manager = await managerPromise;
    const { accountId = '' } = request.params as { accountId?: string };
    return { keeper: manager, colleague: await requireColleague(deps.db, manager.practice.practiceId, accountId) };
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
      isAdministrator: await isAdministratorAccount(deps.db, colleague.accountId),
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
