import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormFieldError, PracticeKind } from '../../domain/index.ts';
import { cancelStaffInvitation, listOpenStaffInvitations } from '../../enrollment/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import {
  listAdministrators,
  removeAdministrator,
  requireChangeableAccount,
  type Session,
} from '../../identity/index.ts';
import { type AccountId, isUuid, sendHtml } from '../../kernel/index.ts';
import { createPractice, DEFAULT_TIME_ZONE, listPracticeCounts } from '../../practices/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { findNotice, formField, isValidName, nameField } from '../form-fields.ts';
import { inviteAdministrator, queueInvitationEmail } from '../invitations/invite.ts';
import { notFound } from '../roles.ts';
import { parseInvitee } from '../staff/parse-staff-form.ts';
import { ADMINISTRATION_PATH, ADMINISTRATORS_PATH } from './administration-page.ts';
import {
  renderAdministratorInvited,
  renderAdministratorList,
  renderInviteAdministrator,
} from './administrator-pages.ts';
import { renderNewPractice, renderPracticeList } from './practice-pages.ts';

/**
 * Registers the pages that manage the practices and the administrators of the installation. These pages never show
 * patients.
 */
export function administrationRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  const { db, audit } = deps;

  app.get(ADMINISTRATION_PATH, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    const practices = await listPracticeCounts(db);
    const id = formField(request.query, 'made');
    const created = practices.find(({ practiceId }) => String(practiceId) === id)?.name;
    return sendHtml(
      reply,
      renderPracticeList(pageContextFor(request), {
        ...baseContext(request, reply, session),
        practices,
        createdName: created,
      }),
    );
  });

  app.get(`${ADMINISTRATION_PATH}/practices/new`, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    return showNewPractice(request, reply, session, { name: '', kind: '' }, []);
  });

  app.post(`${ADMINISTRATION_PATH}/practices/new`, async (request, reply) => {
    const session = await requirePostSession(request);
    const input = { name: nameField(request.body, 'name'), kind: formField(request.body, 'kind') };
    const errors = validatePractice(pageContextFor(request).language, input);
    if (errors.length > 0) return showNewPractice(request, reply.code(400), session, input, errors);
    const practiceId = await db.transaction(async (tx) => {
      const kind = input.kind as PracticeKind;
      const created = await createPractice(tx, { kind, name: input.name, timeZone: DEFAULT_TIME_ZONE });
      const detail = { action: 'add', practice: created, kind };
      if (created !== undefined)
        await audit.appendInTransaction(tx, { ...toAuditEvent(request, session), kind: 'practice', detail });
      return created;
    });
    if (practiceId === undefined) {
      const { nameTaken } = messagesFor(request).newPractice.errors;
      return showNewPractice(request, reply.code(400), session, input, [{ field: 'name', message: nameTaken }]);
    }
    return reply.redirect(`${ADMINISTRATION_PATH}?made=${practiceId}`, 303);
  });

  app.get(ADMINISTRATORS_PATH, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    return showAdministrators(request, reply, session, undefined);
  });

  app.get(`${ADMINISTRATORS_PATH}/invite`, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    const page = { ...baseContext(request, reply, session), name: '', email: '', errors: [] };
    return sendHtml(reply, renderInviteAdministrator(pageContextFor(request), page));
  });

  app.post(`${ADMINISTRATORS_PATH}/invite`, async (request, reply) => {
    const session = await requirePostSession(request);
    const read = parseInvitee(pageContextFor(request).language, request.body);
    const page = { ...baseContext(request, reply, session), ...read };
    if (read.errors.length > 0)
      return sendHtml(
        reply.code(400),
        renderInviteAdministrator(pageContextFor(request, `${ADMINISTRATORS_PATH}/invite`), page),
      );
    const { name } = read;
    const email = read.email === '' ? undefined : read.email;
    const invited = await db.transaction(async (tx) => {
      const inviter = { accountId: session.accountId, requestId: request.id };
      const created = await inviteAdministrator(tx, deps, inviter, { name, email });
      const sender = { name: deps.brandName, replyTo: undefined, timeZone: 'UTC' };
      if (email !== undefined) await queueInvitationEmail(tx, deps.post, sender, { ...created, to: email, name });
      return created;
    });
    if (email !== undefined) return reply.redirect(`${ADMINISTRATORS_PATH}?done=invited`, 303);
    return sendHtml(
      reply,
      renderAdministratorInvited(pageContextFor(request), { ...baseContext(request, reply, session), name, invited }),
    );
  });

  app.post(`${ADMINISTRATORS_PATH}/invitations/:invitationId/cancel`, async (request, reply) => {
    const session = await requirePostSession(request);
    const invitationId = parseUuidParam(request, 'invitationId');
    await db.transaction(async (tx) => {
      if (!(await cancelStaffInvitation(tx, invitationId, undefined, deps.clock.now()))) throw notFound();
      const detail = { action: 'cancel-invitation', invitation: invitationId };
      await audit.appendInTransaction(tx, { ...toAuditEvent(request, session), kind: 'staff', detail });
    });
    return reply.redirect(`${ADMINISTRATORS_PATH}?done=cancelled`, 303);
  });

  app.post(`${ADMINISTRATORS_PATH}/:accountId/remove`, async (request, reply) => {
    const session = await requirePostSession(request);
    const accountId = parseUuidParam(request, 'accountId') as AccountId;
    const outcome = await db.transaction(async (tx) => {
      const dismissed = await removeAdministrator(tx, session.accountId, accountId);
      const detail = { action: 'remove', as: 'administrator', whom: accountId };
      if (dismissed === 'done')
        await audit.appendInTransaction(tx, { ...toAuditEvent(request, session), kind: 'staff', detail });
      return dismissed;
    });
    if (outcome === 'none') throw notFound();
    if (outcome === 'last')
      return showAdministrators(request, reply.code(400), session, messagesFor(request).administrators.last);
    return reply.redirect(accountId === session.accountId ? '/practice' : `${ADMINISTRATORS_PATH}?done=removed`, 303);
  });

  async function requirePostSession(request: FastifyRequest): Promise<Session> {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const session = await deps.signedIn.administrator(request);
    requireChangeableAccount(session);
    return session;
  }

  function showNewPractice(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    input: { readonly name: string; readonly kind: string },
    errors: readonly FormFieldError[],
  ): FastifyReply {
    return sendHtml(
      reply,
      renderNewPractice(pageContextFor(request, `${ADMINISTRATION_PATH}/practices/new`), {
        ...baseContext(request, reply, session),
        ...input,
        errors,
      }),
    );
  }

  async function showAdministrators(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    errorMessage: string | undefined,
  ): Promise<FastifyReply> {
    const pageContext = pageContextFor(request, ADMINISTRATORS_PATH);
    const { administration, invitations } = getMessages(pageContext.language).practicePortal;
    const isUnsent = formField(request.query, 'done') === 'invited' && !deps.post.canSend;
    const page = {
      ...baseContext(request, reply, session),
      administrators: await listAdministrators(db),
      invitations: await listOpenStaffInvitations(db, undefined, deps.clock.now()),
      error: errorMessage,
      done: isUnsent ? invitations.unsent : findNotice(request.query, administration.administrators.notices),
    };
    return sendHtml(reply, renderAdministratorList(pageContext, page));
  }

  const pageContextFor = (request: FastifyRequest, here?: string) => deps.framing.forStaff(request, here);
  const messagesFor = (request: FastifyRequest) =>
    getMessages(pageContextFor(request).language).practicePortal.administration;
  const baseContext = (request: FastifyRequest, reply: FastifyReply, session: Session) => ({
    session,
    csrf: deps.cookies.csrf(request, reply),
  });
}

const toAuditEvent = (request: FastifyRequest, { accountId }: Session) =>
  ({ outcome: 'success', requestId: request.id, accountId }) as const;

function parseUuidParam(request: FastifyRequest, name: string): string {
  const id = (request.params as Readonly<Record<string, string>>)[name] ?? '';
  if (!isUuid(id)) throw notFound();
  return id;
}

function validatePractice(
  language: Language,
  { name, kind }: { readonly name: string; readonly kind: string },
): readonly FormFieldError[] {
  const { errors } = getMessages(language).practicePortal.administration.newPractice;
  return [
    ...(isValidName(name) ? [] : [{ field: 'name', message: errors.name }]),
    ...(kind === 'live' || kind === 'sandbox' ? [] : [{ field: 'kind', message: errors.kind }]),
  ];
}
