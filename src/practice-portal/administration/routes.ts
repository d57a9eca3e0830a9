import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormFieldError, PracticeKind } from '../../domain/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { Session } from '../../identity/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { createPractice, DEFAULT_TIME_ZONE, listPracticeCounts } from '../../practices/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField, isValidName, nameField } from '../form-fields.ts';
import { ADMINISTRATION_PATH } from './administration-page.ts';
import { renderNewPractice, renderPracticeList } from './practice-pages.ts';
import { requirePostSession, toAuditEvent } from './require-post-session.ts';

/** Registers the pages that manage the practices of the installation. These pages never show patients. */
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
    const session = await requirePostSession(deps, request);
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

  const pageContextFor = (request: FastifyRequest, here?: string) => deps.framing.forStaff(request, here);
  const messagesFor = (request: FastifyRequest) =>
    getMessages(pageContextFor(request).language).practicePortal.administration;
  const baseContext = (request: FastifyRequest, reply: FastifyReply, session: Session) => ({
    session,
    csrf: deps.cookies.csrf(request, reply),
  });
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
